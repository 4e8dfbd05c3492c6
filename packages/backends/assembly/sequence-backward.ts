// The derivatives of the gates replace the gates; then, with a dash for the derivative of the loss,
//
//   [x̄, h̄'] = Ḡ · [W; R]ᵀ
//
// The gradients of the weights follow when all rows have gone back: they sum over rows, and these may be on other threads.

import { arrangeState, returnState } from './arrange-sequence';
import { flowBack, inputGradient, takeOutputGradient } from './flow-back';
import { deriveGruAfter, deriveGruBefore, deriveReset } from './gru-cell';
import { deriveLstm } from './lstm-cell';
import { GRU_AFTER, GRU_BEFORE, LSTM, Sequence } from './sequence';
import { deriveSimpleRnn } from './simple-rnn-cell';

/** Runs the tiles from `first` up to `end` back through the sequence. */
export function sequenceBackward(s: Sequence, first: i32, end: i32): void {
  for (let tile = first; tile < end; tile++) {
    const offset = <usize>tile * s.cellTile;
    arrangeState(s, s.hiddenFlow + offset, s.dHidden, tile);
    if (s.kind === LSTM) arrangeState(s, s.cellFlow + offset, s.dCell, tile);
    arrangeState(s, s.outputFlow + offset, s.dLast, tile);
  }
  for (let t = s.time - 1; t >= 0; t--) {
    for (let tile = first; tile < end; tile++) {
      takeOutputGradient(s, t, tile);
      derive(s, t, tile);
    }
    if (s.kind === GRU_BEFORE) deriveReset(s, t, first, end);
    flowBack(s, t, first, end);
    for (let tile = first; tile < end; tile++) inputGradient(s, t, tile);
  }
  for (let tile = first; tile < end; tile++) {
    const offset = <usize>tile * s.cellTile;
    returnState(s, s.dInitialHidden, s.hiddenFlow + offset, tile);
    if (s.kind === LSTM) returnState(s, s.dInitialCell, s.cellFlow + offset, tile);
  }
}

function derive(s: Sequence, t: i32, tile: i32): void {
  if (s.kind === LSTM) deriveLstm(s, t, tile);
  else if (s.kind === GRU_AFTER) deriveGruAfter(s, t, tile);
  else if (s.kind === GRU_BEFORE) deriveGruBefore(s, t, tile);
  else deriveSimpleRnn(s, t, tile);
}
