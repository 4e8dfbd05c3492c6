import { load, version } from '../places.ts';
import { data } from '../problem.ts';
import type { Contestant } from './contestant.ts';

interface Brain {
  readonly recurrent: {
    readonly LSTMTimeStep: new (options: object) => { train(sequences: readonly number[][][], options: object): { error: number } };
  };
}

/**
 * brain.js' `LSTMTimeStep`, one pass over the batch's sequences, an update after each. It is no true LSTM, and it learns the
 * next row of the sequence itself: its time is comparable, its loss is not.
 */
export async function brain(): Promise<Contestant> {
  const { recurrent } = load<Brain>('peers', 'brain.js');
  return {
    version: `brain.js ${version('brain.js', 'peers')} (LSTMTimeStep)`,
    async prepare(task) {
      const { batch, time, features, units } = task;
      const { x } = data(task);
      const net = new recurrent.LSTMTimeStep({ inputSize: features, hiddenLayers: [units], outputSize: features });
      const row = (b: number, t: number) => Array.from(x.data.subarray((b * time + t) * features, (b * time + t + 1) * features));
      const sequences = Array.from({ length: batch }, (_, b) => Array.from({ length: time }, (__, t) => row(b, t)));
      return () => net.train(sequences, { iterations: 1, errorThresh: 0, log: false }).error;
    },
  };
}
