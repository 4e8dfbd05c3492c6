import { packTransposed, packWeights } from './pack-weights';
import { Sequence, tileCount } from './sequence';
import { sequenceBackward } from './sequence-backward';
import { sequenceForward } from './sequence-forward';
import { returnWeightGradients } from './weight-gradients';

/** The whole forward pass of the sequence described at `at`. */
export function runForward(at: usize): void {
  const s = changetype<Sequence>(at);
  packWeights(s);
  sequenceForward(s, 0, tileCount(s));
}

/** The whole backward pass. `sums` are zeros on entry. */
export function runBackward(at: usize): void {
  const s = changetype<Sequence>(at);
  packTransposed(s, s.transposedKernel, s.kernel, s.features);
  packTransposed(s, s.transposedRecurrentKernel, s.recurrentKernel, s.units);
  sequenceBackward(s, 0, tileCount(s), s.sums);
  returnWeightGradients(s, s.sums);
}
