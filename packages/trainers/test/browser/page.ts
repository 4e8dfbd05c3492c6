import '@tensorflow/tfjs-backend-cpu';
import { dense, dropout, sequential } from '@cellstate/layers';
import { adam, type Callback, type CheckpointStore, createTrainer, folderStore, indexedDbStore, resume } from '../../src/index.ts';

const data = {
  x: [
    [1, 2],
    [3, 4],
    [5, 6],
    [7, 9],
  ],
  y: [[1], [2], [4], [3]],
};
const build = () => sequential([dense({ units: 3, inputShape: [2] }), dropout({ rate: 0.3 }), dense({ units: 1 })], { seed: 4 });
const newTrainer = () => {
  const model = build();
  return { model, trainer: createTrainer(model, { optimizer: adam({ learningRate: 0.1 }), loss: 'mse', seed: 2 }) };
};
const fit = { batchSize: 1, epochs: 3, verbose: 0 } as const;
const stores: Record<string, CheckpointStore> = { files: folderStore('runs/a'), database: indexedDbStore('a') };
const bits = (model: ReturnType<typeof build>) => model.getWeights().map(({ data: values }) => [...values]);

/** What the test calls in the page. */
export const steps = {
  /** Trains to the end without a stop. */
  async whole() {
    const { model, trainer } = newTrainer();
    const { history } = await trainer.fit(data, fit);
    return { history, weights: bits(model) };
  },
  /** Saves within the second epoch, then fails. */
  async begin() {
    for (const store of Object.values(stores)) {
      let batches = 0;
      const callback: Callback = {
        setRun(run) {
          this.onBatchEnd = () => {
            batches++;
            if (batches === 6) run.save(store);
            if (batches === 7) throw new Error('the page was closed');
          };
        },
      };
      await newTrainer()
        .trainer.fit(data, { ...fit, callbacks: [callback] })
        .then(
          () => {
            throw new Error('it should have failed');
          },
          () => {},
        );
    }
  },
  /** Goes on from the store. */
  async goOn(name: string) {
    const model = build();
    const trainer = await resume(stores[name], model);
    const { interrupted } = trainer;
    const { history } = await trainer.fit(data, { verbose: 0 });
    await stores[name].delete('checkpoint');
    return { interrupted, left: await stores[name].read('checkpoint'), history, weights: bits(model) };
  },
};

Object.assign(globalThis, { steps });
