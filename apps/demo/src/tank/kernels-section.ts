import { useBackend } from '@cellstate/backends';
import { startEngine } from '../parallel/start-engine.ts';
import { CHUNK, forecaster, LEARNING_RATE, trainingLanes } from './forecast-seed.ts';
import { type TankSection, withProgress } from './tank-story.ts';
import { epochsFor, trainModel } from './training.ts';

/** In the first ones JavaScript is still being compiled, which counts for more where the kernel takes less of the time. */
const ROUNDS = 10;
/** Of a loss, between kernels that add up in different orders. */
const TOLERANCE = 1e-3;

interface Kernel {
  readonly name: string;
  readonly simd: boolean;
}

const PLAIN: Kernel = { name: 'plain TypeScript', simd: false };
const SIMD: Kernel = { name: 'WebAssembly with SIMD', simd: true };

/** One training on both kernels of the engine: the same losses, in another time. Times are no metrics, which the same seed gives again. */
export const kernelsSection =
  (units: readonly number[]): TankSection =>
  ({ data, options }) => ({
    id: 'kernels',
    title: 'The same training on two kernels',
    async run(page) {
      const { simd } = await startEngine();
      const { train, batches } = trainingLanes(data);
      const epochs = epochsFor(options, { full: 8, quick: 4 });
      const kernels = simd ? [SIMD, PLAIN] : [PLAIN];
      page.say(
        `The forecaster's LSTM(${units}) once more, ${train.length} lanes of ${CHUNK} hours a batch: ${epochs * batches.count} updates of its weights on each kernel, the fastest of ${ROUNDS} rounds. A kernel in WebAssembly computes on four numbers at once; where there is no SIMD, plain TypeScript takes its place.`,
      );
      const fastest = new Map<Kernel, number>();
      const losses = new Map<Kernel, readonly number[]>();
      await withProgress(page, 'kernels', ROUNDS * kernels.length, async (report) => {
        for (let round = 0; round < ROUNDS; round++) {
          for (const [index, kernel] of kernels.entries()) {
            await useBackend('cpu', { simd: kernel.simd });
            const model = forecaster({ units, features: data.features.length, seed: options.seed });
            const start = performance.now();
            const trained = await trainModel(model, batches, {
              epochs,
              updates: batches.count,
              learningRate: LEARNING_RATE,
              seed: options.seed,
            });
            const taken = performance.now() - start;
            fastest.set(kernel, Math.min(taken, fastest.get(kernel) ?? taken));
            losses.set(kernel, trained.losses);
            trained.trainer.dispose();
            model.dispose();
            report(round * kernels.length + index + 1, trained.losses.at(-1) as number);
          }
        }
      });
      await startEngine();
      const slowest = Math.max(...fastest.values());
      page.table({
        columns: [{ title: 'kernel' }, { title: 'ms an update' }, { title: 'times as fast', digits: 1 }],
        rows: [...fastest].map(([{ name }, time]) => [name, time / (epochs * batches.count), slowest / time]),
        strong: [0],
      });
      page.note('Times differ from run to run, so metrics.json has none of them.');
      const [first, second] = [...losses.values()];
      if (first === undefined || second === undefined) return;
      const difference = Math.max(...first.map((loss, epoch) => Math.abs(loss / (second[epoch] as number) - 1)));
      page.check({
        name: 'both kernels learn the same',
        passed: difference <= TOLERANCE,
        detail: `relative difference of losses ${difference.toExponential(1)} ≤ ${TOLERANCE.toExponential(0)}`,
      });
      page.metric('difference of losses', difference);
    },
  });
