import { lstmBackward } from './lstm-backward';
import { lstmForward } from './lstm-forward';
import { packTransposed, packWeights } from './pack-weights';
import { Sequence, tileCount } from './sequence';
import { returnWeightGradients } from './weight-gradients';

/** The whole forward pass of the LSTM described at `at`. */
export function runLstmForward(at: usize): void {
  const s = changetype<Sequence>(at);
  packWeights(s);
  lstmForward(s, 0, tileCount(s));
}

/** The whole backward pass. `sums` are zeros on entry. */
export function runLstmBackward(at: usize): void {
  const s = changetype<Sequence>(at);
  packTransposed(s, s.transposedKernel, s.kernel, s.features);
  packTransposed(s, s.transposedRecurrentKernel, s.recurrentKernel, s.units);
  lstmBackward(s, 0, tileCount(s), s.sums);
  returnWeightGradients(s, s.sums);
}
