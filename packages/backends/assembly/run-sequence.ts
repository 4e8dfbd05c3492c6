// What the host calls, in this order; each but the packing takes a part of its items, on any thread, and leaves the others alone.

import { packTransposed, packWeights } from './pack-weights';
import { isRow, Sequence } from './sequence';
import { sequenceBackward } from './sequence-backward';
import { sequenceForward } from './sequence-forward';
import { weightGradients } from './weight-gradients';

/** What the forward pass of the sequence described at `at` begins with. */
export function beginForward(at: usize): void {
  const s = changetype<Sequence>(at);
  if (!isRow(s)) packWeights(s);
}

/** The forward pass of the tiles from `first` up to `end`. */
export function runForward(at: usize, first: i32, end: i32): void {
  sequenceForward(changetype<Sequence>(at), first, end);
}

/** What the backward pass begins with. */
export function beginBackward(at: usize): void {
  const s = changetype<Sequence>(at);
  if (isRow(s)) return;
  if (s.dX) packTransposed(s, s.transposedKernel, s.kernel, s.features);
  packTransposed(s, s.transposedRecurrentKernel, s.recurrentKernel, s.units);
}

/** The backward pass of the tiles from `first` up to `end`, but for the gradients of the weights. */
export function runBackward(at: usize, first: i32, end: i32): void {
  sequenceBackward(changetype<Sequence>(at), first, end);
}

/** The gradients of the weights of the eights of units from `first` up to `end`, once all tiles have gone back. */
export function runWeightGradients(at: usize, first: i32, end: i32): void {
  weightGradients(changetype<Sequence>(at), first, end);
}
