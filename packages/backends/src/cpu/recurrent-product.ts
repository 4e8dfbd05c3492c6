// The recurrent products of a cell, one for each step: forward, Z_t += H_{t−1} · R; back, H̄_{t−1} += Z̄_t · Rᵀ; and once for all
// steps R̄ = H'ᵀ · Z̄. Which columns, what is multiplied and where the product goes: `RecurrentPart`.

import type { BackwardPass, ForwardPass } from './cell-kernel.ts';
import type { RecurrentPart } from './cell-structure.ts';
import { type Matrix, rowMajor, transposed } from './matrix.ts';
import { multiplyAdd } from './matrix-multiply.ts';
import { groupColumns, type SequenceProblem } from './sequence-problem.ts';

/** Adds the products of step t that read the hidden state, or those that read what the step has kept. */
export function addRecurrence(pass: ForwardPass, t: number, from: RecurrentPart['from']): void {
  const { problem, reserve, scratch } = pass;
  const { batch, units, recurrentKernel } = problem;
  for (const part of problem.recurrentParts) {
    if (part.from !== from) continue;
    const size = { rows: batch, columns: part.gates * units, depth: units };
    const weights = groupColumns(problem, part, { data: recurrentKernel });
    multiplyAdd(target(problem, reserve, { part, t }), source(pass, { part, t, into: scratch }), weights, size);
  }
}

/** Takes the derivatives of step t on to the hidden state, through the products that read it. */
export function hiddenGradient(pass: BackwardPass, t: number): void {
  const { problem, scratch, hidden } = pass;
  const { batch, units, recurrentDropout } = problem;
  const step = batch * units;
  for (const part of problem.recurrentParts) {
    if (part.from !== 'hidden') continue;
    if (recurrentDropout === undefined) {
      addDerivative(pass, { part, t, into: hidden });
    } else {
      scratch.fill(0);
      addDerivative(pass, { part, t, into: scratch });
      for (let i = 0; i < step; i++) hidden[i] += scratch[i] * recurrentDropout[part.gate * step + i];
    }
  }
}

/** Puts the derivatives of step t by what it kept into `scratch`, through the products that read it. */
export function keptGradient(pass: BackwardPass, t: number): void {
  pass.scratch.fill(0);
  for (const part of pass.problem.recurrentParts) if (part.from === 'kept') addDerivative(pass, { part, t, into: pass.scratch });
}

/** into += H'ᵀ · Z̄ over all steps. */
export function addRecurrentKernelGradient(pass: ForwardPass, into: Float32Array): void {
  const { problem, reserve } = pass;
  const { batch, time, units, recurrentDropout } = problem;
  const rows = time * batch;
  const dropped = new Float32Array(recurrentDropout === undefined ? 0 : rows * units);
  for (const part of problem.recurrentParts) {
    const size = { rows: units, columns: part.gates * units, depth: rows };
    const seen = source(pass, { part, t: 0, into: dropped });
    multiplyAdd(groupColumns(problem, part, { data: into }), transposed(seen), target(problem, reserve, { part, t: 0 }), size);
  }
}

interface PartOfStep {
  readonly part: RecurrentPart;
  readonly t: number;
}

/** Where a part's product goes: rows of step t, and after them those of the steps that follow. */
export function target(problem: SequenceProblem, reserve: Float32Array, { part, t }: PartOfStep): Matrix {
  const { batch, units, width, layout } = problem;
  if (part.into === 'kept') return rowMajor(reserve, { columns: units, at: layout.kept + t * batch * units });
  return groupColumns(problem, part, { data: reserve, at: layout.gates + t * batch * width });
}

/** What a part multiplies: rows of step t, and after them those of the steps that follow, as many as `into` holds if there is dropout. */
function source({ problem, reserve }: ForwardPass, { part, t, into }: PartOfStep & { readonly into: Float32Array }): Matrix {
  const { batch, units, layout, recurrentDropout } = problem;
  const step = batch * units;
  if (part.from === 'kept') return rowMajor(reserve, { columns: units, at: layout.kept + t * step });
  const before = layout.hidden + t * step;
  if (recurrentDropout === undefined) return rowMajor(reserve, { columns: units, at: before });
  for (let i = 0; i < into.length; i++) into[i] = reserve[before + i] * recurrentDropout[part.gate * step + (i % step)];
  return rowMajor(into, { columns: units });
}

/** into += Z̄_t · Rᵀ. */
function addDerivative({ problem, reserve }: ForwardPass, { part, t, into }: PartOfStep & { readonly into: Float32Array }): void {
  const { batch, units, recurrentKernel } = problem;
  const weights = transposed(groupColumns(problem, part, { data: recurrentKernel }));
  const size = { rows: batch, columns: units, depth: part.gates * units };
  multiplyAdd(rowMajor(into, { columns: units }), target(problem, reserve, { part, t }), weights, size);
}
