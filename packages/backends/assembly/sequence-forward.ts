// For every step, with z = [x, 1, h'] and a prime for the state before the step: gates = z · [W; b; R], four units of one tile
// at a time, and the cell's own equations over them while they are in the first-level cache.

import { arrangeFactors, arrangeInput, arrangeState, dropPart, markLanes, returnState, writeLast, writeOutputs } from './arrange-sequence';
import { activateGruAfter, activateGruBefore, resetHidden } from './gru-cell';
import { activateLstm } from './lstm-cell';
import { multiplyTile } from './multiply-tile';
import { multiplyRow, multiplyRowCandidate } from './row-products';
import {
  FROM_HIDDEN,
  FROM_INPUT,
  GRU_AFTER,
  GRU_BEFORE,
  hiddenInZ,
  isRow,
  lineCount,
  LSTM,
  Sequence,
  wholeUnits,
  zAt,
} from './sequence';
import { activateSimpleRnn } from './simple-rnn-cell';

/** Runs the tiles from `first` up to `end` through the whole sequence. The weights are packed. */
export function sequenceForward(s: Sequence, first: i32, end: i32): void {
  const time = s.time;
  const hidden = hiddenInZ(s);
  markLanes(s, first, end);
  for (let tile = first; tile < end; tile++) {
    arrangeState(s, zAt(s, 0, tile) + hidden, s.hidden, tile);
    if (s.kind === LSTM) arrangeState(s, s.cells + <usize>tile * s.cellTile, s.cell, tile);
    arrangeFactors(s, tile);
  }
  for (let t = 0; t < time; t++) {
    for (let tile = first; tile < end; tile++) {
      arrangeInput(s, t, tile);
      if (s.factors) for (let part = 0; part < s.parts; part++) dropPart(s, t, tile, part);
    }
    if (isRow(s)) stepRow(s, t);
    else if (s.kind === GRU_BEFORE) {
      multiplyUnits(s, t, first, end, 0, 2, false);
      for (let tile = first; tile < end; tile++) resetHidden(s, t, tile);
      multiplyUnits(s, t, first, end, 2, 3, true);
    } else multiplyUnits(s, t, first, end, 0, s.parts, true);
    for (let tile = first; tile < end; tile++) writeOutputs(s, t, tile);
  }
  for (let tile = first; tile < end; tile++) {
    writeLast(s, tile);
    if (s.kind === LSTM) returnState(s, s.lastCell, s.cells + <usize>time * s.cellStep + <usize>tile * s.cellTile, tile);
  }
}

/** The products of a batch of one row, and what follows from them. */
function stepRow(s: Sequence, t: i32): void {
  multiplyRow(s, t);
  if (s.kind === GRU_BEFORE) {
    resetHidden(s, t, 0);
    multiplyRowCandidate(s, t);
  }
  const gates = s.gates + <usize>t * s.gateStep;
  for (let line = 0; line < lineCount(s); line += 4) activate(s, t, 0, line, gates + (<usize>(line * s.parts) << 5));
}

/** The products of some parts of all units, and if `activates` what follows from them. */
function multiplyUnits(s: Sequence, t: i32, first: i32, end: i32, firstPart: i32, endPart: i32, activates: bool): void {
  const units = wholeUnits(s);
  const panel = <usize>(s.features + 1 + s.units) << 4;
  const quad = <usize>s.parts * panel;
  let weights = s.weights;
  for (let unit = 0; unit < units; unit += 4, weights += quad) {
    for (let tile = first; tile < end; tile++) {
      const gates = s.gates + <usize>t * s.gateStep + <usize>tile * s.gateTile + (<usize>(unit * s.parts) << 5);
      for (let part = firstPart; part < endPart; part++) {
        const z = s.factors ? s.dropped + <usize>part * s.factorPart + <usize>tile * s.zTile : zAt(s, t, tile);
        multiplyPart(s, part, gates, weights + <usize>part * panel, z);
      }
      if (activates) activate(s, t, tile, unit, gates);
    }
  }
}

function multiplyPart(s: Sequence, part: i32, gates: usize, weights: usize, z: usize): void {
  const stride = <usize>s.parts << 5;
  const to = gates + (<usize>part << 5);
  const inputs = s.features;
  if (s.kind === GRU_AFTER && part >= FROM_INPUT) {
    if (part === FROM_HIDDEN) multiplyTile(to, stride, weights + (<usize>inputs << 4), 16, z + (<usize>inputs << 5), 32, 1 + s.units, false);
    else multiplyTile(to, stride, weights, 16, z, 32, inputs + 1, false);
  } else multiplyTile(to, stride, weights, 16, z, 32, inputs + 1 + s.units, false);
}

function activate(s: Sequence, t: i32, tile: i32, unit: i32, gates: usize): void {
  if (s.kind === LSTM) activateLstm(s, t, tile, unit, gates);
  else if (s.kind === GRU_AFTER) activateGruAfter(s, t, tile, unit, gates);
  else if (s.kind === GRU_BEFORE) activateGruBefore(s, t, tile, unit, gates);
  else activateSimpleRnn(s, t, tile, unit, gates);
}
