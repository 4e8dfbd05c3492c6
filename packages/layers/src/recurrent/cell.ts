import { CellstateError } from '@cellstate/core';
import type { SequenceResult, Step } from '@cellstate/ops';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import type { ArrayPass, ArrayPassContext } from '../array-pass.ts';
import type { ArrayStep, ArrayStepContext } from '../array-step.ts';
import type { Part, PartDefinition } from '../contract.ts';
import { createPart } from '../graph/part.ts';
import type { CellPassDirection } from './cell-pass.ts';

/** What a cell gets at the start of a pass over a sequence. */
export interface CellContext {
  readonly training: boolean;
  /** Rows of the batch. */
  readonly batch: number;
  /** The cell's own parameter. */
  parameter(name: string): Tensor;
  /** The seed of this pass' draws; see `CallContext.seed`. */
  seed(own?: number | null, key?: string): number;
}

/** How a sequence is to be run. */
export interface SequenceRun {
  /** null: zeros. */
  readonly state: readonly Tensor[] | null;
  /** `[batch, time]`, true for a real step; null: all are real. */
  readonly mask: Tensor | null;
  readonly goBackwards: boolean;
  readonly zeroOutputForMask: boolean;
}

/** What the author of a cell writes. */
export interface CellDefinition extends PartDefinition {
  /** The shape of each state tensor without the batch. */
  readonly stateShapes: readonly (readonly number[])[];
  /** Length of the output's last axis. Default: that of the first state. */
  readonly outputSize?: number;
  /** Which state tensor is the output of the step, if one is. */
  readonly outputState?: number;
  /** Starts a pass: whatever stays the same for all steps (dropout masks) is made here. Gives the step. */
  begin(context: CellContext): Step;
  /** The whole sequence at once, when an op does that. Absent: step by step. */
  sequence?(x: Tensor3D, run: SequenceRun, context: CellContext): SequenceResult;
  /** One unmasked step on plain arrays, for streams; null where the engine has none. Absent: none. */
  arrayStep?(context: ArrayStepContext): ArrayStep | null;
  /** A recurrent layer's pass on plain arrays; null where the engine has none. Absent: none. */
  arrayPass?(context: ArrayPassContext, direction: CellPassDirection): ArrayPass | null;
  /** How `sequence` is computed on this engine. Absent: reference. */
  path?(): 'fused' | 'reference';
}

/** One step of a recurrent layer: parameters, and a step from input and state to output and state. */
export interface Cell extends Part {
  readonly definition: CellDefinition;
  /** An unbuilt cell of the same options. */
  clone(): Cell;
}

export interface CellOptions {
  /** Default: the snake case of the class, `lstm_cell`. */
  readonly name?: string;
  /** Default true. */
  readonly trainable?: boolean;
}

/**
 * Makes a cell of its definition, for `rnn({ cell })`.
 *
 * @example
 * ```ts
 * import { defineCell, rnn, sequential } from '@cellstate/layers';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * const sum = defineCell({
 *   className: 'RunningSum',
 *   config: () => ({}),
 *   stateShapes: [[1]],
 *   begin: () => (x, [total]) => {
 *     const next = tf.add(total as tf.Tensor, x);
 *     return { output: next, state: [next] };
 *   },
 * });
 * const m = sequential([rnn({ cell: sum, returnSequences: true, inputShape: [3, 1] })]);
 * (await m.predict([[[1], [2], [3]]])).toNested(); // → [[[1], [3], [6]]]
 * ```
 */
export function defineCell(definition: CellDefinition, options: CellOptions = {}): Cell {
  return Object.assign(createPart(definition, options), { clone: () => defineCell(definition, options) });
}

/** Throws `INVALID_OPTION` unless it is a cell. */
export function checkCell(cell: Cell | undefined, where: string): void {
  if (typeof cell?.definition?.begin === 'function' && Array.isArray(cell.definition.stateShapes)) return;
  throw new CellstateError('INVALID_OPTION', 'A recurrent layer runs a cell.', {
    expected: 'lstmCell(…), gruCell(…), simpleRnnCell(…), or defineCell({ stateShapes, begin, … })',
    received: typeof cell,
    where,
  });
}

/** Length of the output's last axis. */
export function outputSize({ outputSize: given, stateShapes }: CellDefinition): number {
  return given ?? (stateShapes[0]?.at(-1) as number);
}
