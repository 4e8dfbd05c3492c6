// The products of a batch of one row. Its units stand where the rows of a tile do, eight to a line, so that a cell's equations
// are the same; its products read the weights as the caller has them, and give gates in Keras' order, one behind the other.

import {
  FROM_HIDDEN,
  gateCount,
  gateOf,
  GRU_AFTER,
  GRU_BEFORE,
  hiddenInZ,
  hiddenTakesPart,
  inputTakesPart,
  lineCount,
  Sequence,
  sourceStep,
  zAt,
} from './sequence';
import { addTransposedProduct, addVectorProduct } from './vector-product';

/** The gates that the input gives; those of the hidden state are added to them, but for GRU_AFTER, which has its own. */
// @ts-ignore: decorator
@inline
function gatesOfInput(s: Sequence): usize {
  return s.gateRows;
}

// @ts-ignore: decorator
@inline
function gatesOfHidden(s: Sequence): usize {
  return s.kind === GRU_AFTER ? s.gateRows + gateBytes(s) : s.gateRows;
}

/** Bytes of the gates of a row, and from row to row of a kernel. */
// @ts-ignore: decorator
@inline
function gateBytes(s: Sequence): usize {
  return <usize>(gateCount(s) * s.units) << 2;
}

/** Where a part's units begin in a row of gates. */
// @ts-ignore: decorator
@inline
function columnOf(s: Sequence, part: i32): usize {
  return <usize>(gateOf(s, part) * s.units) << 2;
}

/** Gates of step t before activation, but for what the hidden state gives the candidate of GRU_BEFORE. */
export function multiplyRow(s: Sequence, t: i32): void {
  const bytes = gateBytes(s);
  const columns = gateCount(s) * s.units;
  startGates(gatesOfInput(s), s.bias, bytes);
  if (s.kind === GRU_AFTER) startGates(gatesOfHidden(s), s.bias ? s.bias + bytes : 0, bytes);
  if (!s.factors) {
    const z = zAt(s, t, 0);
    addVectorProduct(gatesOfInput(s), z, s.kernel, bytes, s.features, columns);
    addVectorProduct(gatesOfHidden(s), z + hiddenInZ(s), s.recurrentKernel, bytes, s.units, columns);
  } else {
    for (let part = 0; part < s.parts; part++) {
      const column = columnOf(s, part);
      const dropped = s.dropped + <usize>part * s.factorPart;
      if (inputTakesPart(s, part)) addVectorProduct(gatesOfInput(s) + column, dropped, s.kernel + column, bytes, s.features, s.units);
      if (s.kind !== GRU_BEFORE || part < 2) addHiddenPart(s, part);
    }
  }
  for (let part = 0; part < s.parts; part++) linesOfPart(s, t, part);
}

/** What the hidden state, behind its reset gate, gives the candidate of GRU_BEFORE. */
export function multiplyRowCandidate(s: Sequence, t: i32): void {
  addHiddenPart(s, 2);
  linesOfPart(s, t, 2);
}

function addHiddenPart(s: Sequence, part: i32): void {
  if (!hiddenTakesPart(s, part)) return;
  const column = columnOf(s, part);
  const hidden = s.dropped + <usize>part * s.factorPart + hiddenInZ(s);
  addVectorProduct(gatesOfHidden(s) + column, hidden, s.recurrentKernel + column, gateBytes(s), s.units, s.units);
}

function startGates(to: usize, bias: usize, bytes: usize): void {
  if (bias) memory.copy(to, bias, bytes);
  else memory.fill(to, 0, bytes);
}

/** A part of the gates of step t, from rows to lines. What fills up the last line is of no consequence; lines beyond it are 0. */
function linesOfPart(s: Sequence, t: i32, part: i32): void {
  const column = columnOf(s, part);
  const stride = <usize>s.parts << 5;
  let from = (part === FROM_HIDDEN && s.kind === GRU_AFTER ? gatesOfHidden(s) : gatesOfInput(s)) + column;
  const isSum = s.kind === GRU_AFTER && part < 2;
  let to = s.gates + <usize>t * s.gateStep + (<usize>part << 5);
  const eights = (s.units + 7) >> 3;
  for (let line = 0; line < eights; line++, from += 32, to += stride) {
    let low = v128.load(from);
    let high = v128.load(from, 16);
    if (isSum) {
      low = f32x4.add(low, v128.load(from + gateBytes(s)));
      high = f32x4.add(high, v128.load(from + gateBytes(s), 16));
    }
    v128.store(to, low);
    v128.store(to, high, 16);
  }
  for (let line = eights; line < lineCount(s); line++, to += stride) memory.fill(to, 0, 32);
}

/** A part of the gates' derivatives at step t, from lines to rows. */
function rowOfPart(s: Sequence, t: i32, part: i32, rows: usize): void {
  let to = rows + columnOf(s, part);
  let from = s.gates + <usize>t * s.gateStep + (<usize>part << 5);
  for (let unit = 0; unit < s.units; unit += 8, to += 32, from += <usize>s.parts << 5) {
    memory.copy(to, from, <usize>min(8, s.units - unit) << 2);
  }
}

/** Brings the gates' derivatives of step t into rows. */
export function takeRow(s: Sequence, t: i32): void {
  for (let part = 0; part < s.parts; part++) {
    if (inputTakesPart(s, part)) rowOfPart(s, t, part, gatesOfInput(s));
    if (s.kind === GRU_AFTER && hiddenTakesPart(s, part)) rowOfPart(s, t, part, gatesOfHidden(s));
  }
}

/** hiddenFlow += Ḡ · Rᵀ, with recurrent dropout part by part; the candidate of GRU_BEFORE does not see the hidden state. */
export function flowRowBack(s: Sequence): void {
  const parts = s.kind === GRU_BEFORE ? 2 : s.parts;
  if (!s.factors) {
    addTransposedProduct(s.hiddenFlow, gatesOfHidden(s), s.recurrentKernel, gateBytes(s), s.units, gateCount(s) * s.units);
    return;
  }
  for (let part = 0; part < parts; part++) {
    if (hiddenTakesPart(s, part)) addDroppedPart(s, part, s.hiddenFlow, s.recurrentKernel, gatesOfHidden(s), hiddenInZ(s), s.units);
  }
}

/** x̄ of step t. */
export function rowInputGradient(s: Sequence, t: i32): void {
  const bytes = <usize>s.features << 2;
  const to = s.dX + <usize>sourceStep(s, t) * bytes;
  memory.fill(to, 0, bytes);
  if (!s.factors) {
    addTransposedProduct(to, gatesOfInput(s), s.kernel, gateBytes(s), s.features, gateCount(s) * s.units);
    return;
  }
  for (let part = 0; part < s.parts; part++) {
    if (inputTakesPart(s, part)) addDroppedPart(s, part, to, s.kernel, gatesOfInput(s), 0, s.features);
  }
}

/** scratch = ĥ̄ · R_hᵀ, the derivative of what GRU_BEFORE multiplies with its candidate's weights; in whole lines. */
export function multiplyRowCandidateBack(s: Sequence, t: i32): void {
  rowOfPart(s, t, 2, gatesOfHidden(s));
  memory.fill(s.scratch, 0, <usize>lineCount(s) << 5);
  const column = columnOf(s, 2);
  addTransposedProduct(s.scratch, gatesOfHidden(s) + column, s.recurrentKernel + column, gateBytes(s), s.units, s.units);
}

/** into += (a part of Ḡ · its weights) ∗ factors, for `count` numbers of z from `offset` on. */
function addDroppedPart(s: Sequence, part: i32, into: usize, kernel: usize, gates: usize, offset: usize, count: i32): void {
  const column = columnOf(s, part);
  const bytes = <usize>count << 2;
  memory.fill(s.scratch, 0, bytes);
  addTransposedProduct(s.scratch, gates + column, kernel + column, gateBytes(s), count, s.units);
  const factors = s.factors + <usize>part * s.factorPart + offset;
  for (let at: usize = 0; at < bytes; at += 4) {
    store<f32>(into + at, load<f32>(into + at) + load<f32>(s.scratch + at) * load<f32>(factors + at));
  }
}
