import {
  type ArrayDescription,
  type CallbackFixture,
  describedArray,
  drawnWeights,
  flatNumbers,
  type Made,
  type Numbers,
  type TrainingFixture,
  type WindowsFixture,
} from './keras-fixtures.ts';
import { kerasModel, type Layers } from './keras-model.ts';
import { mismatch } from './mismatch.ts';

/** An NdArray of `@cellstate/core`, as far as this file goes; it cannot be imported here. */
interface Numbered {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
  slice(ranges: readonly (readonly [number, number])[]): Numbered;
}

interface TrainedModel {
  readonly parameters: readonly { readonly path: string; readonly variable: { readonly shape: readonly number[] } }[];
  getWeights(): readonly Numbered[];
  setWeights(weights: readonly Numbered[]): void;
  predict(x: Numbered, options: object): Promise<Numbered | readonly Numbered[]>;
  dispose(): void;
}

type Logs = Readonly<Record<string, number>>;

interface UsedTrainer {
  readonly learningRate: number;
  fit(data: unknown, options: object): Promise<{ readonly history: Readonly<Record<string, readonly number[]>> }>;
  trainOnBatch(x: unknown, y: unknown, options: object): Promise<Logs>;
  dispose(): void;
}

/** The packages that a training needs, as their exports. */
export interface TrainingPackages {
  readonly layers: object;
  readonly trainers: object;
  /** `ndarray` of `@cellstate/core`. */
  ndarray(data: Float32Array | Int32Array | Uint8Array | number[], shape: readonly number[]): unknown;
}

type Factory = (...args: readonly unknown[]) => unknown;

/** Of `fit` and of single steps: rows of a batch. */
const BATCH = 4;
const TOLERANCE = 1e-4;

/**
 * Trains as a description says and says where the logs, the weights and a prediction differ from what Keras gave.
 *
 * @param floor what counts as the largest number of an array where all are smaller. Default 1.
 */
export async function replayTraining(
  fixture: TrainingFixture,
  { seed, floor = 1, ...packages }: TrainingPackages & { readonly seed: number; readonly floor?: number },
): Promise<readonly string[]> {
  const stateful = fixture.stateful ?? fixture.name.includes('stateful');
  const model = kerasModel<TrainedModel>(fixture, packages.layers as Layers<TrainedModel>, stateful ? BATCH : null);
  const trainer = trainerFor(model, fixture, packages);
  try {
    const arrayOf = (description: ArrayDescription, key: string) => {
      const { data, shape } = describedArray(description, { seed, key: `${fixture.name}/${key}` });
      return packages.ndarray(data, shape) as Numbered;
    };
    const weights = drawnWeights(model.parameters, { seed, name: fixture.name });
    model.setWeights(weights.map(({ data, shape }) => packages.ndarray(data, shape) as Numbered));
    const [[input, description]] = Object.entries(fixture.inputs) as [[string, ArrayDescription]];
    const x = arrayOf(description, `input ${input} 0`);
    const y = fixture.targets.map((target, i) => arrayOf(target, `target ${i}`));
    const sampleWeight = fixture.sampleWeight === undefined ? undefined : arrayOf(fixture.sampleWeight, 'sample weight');
    const logs = await train(trainer, fixture, { x, y, sampleWeight });
    const predicted = await model.predict(x.slice([[0, BATCH]]), stateful ? { state: 'zero' } : {});
    const outputs = Array.isArray(predicted) ? (predicted as readonly Numbered[]) : [predicted as Numbered];
    return [
      ...logMismatches(logs, fixture.keras.logs, floor),
      ...all(model.getWeights(), fixture.keras.weights, 'weight', { floor }),
      ...all(outputs, fixture.keras.prediction, 'prediction', { floor }),
    ];
  } finally {
    trainer.dispose();
    model.dispose();
  }
}

function trainerFor(model: unknown, fixture: TrainingFixture, { trainers }: TrainingPackages): UsedTrainer {
  const { createTrainer } = trainers as { createTrainer: Factory };
  const { optimizer, loss, lossWeights, metrics, weightedMetrics } = fixture;
  const goal = (one: string | Made) => (typeof one === 'string' ? one : made(one, trainers));
  return createTrainer(model, {
    optimizer: made(optimizer, trainers),
    loss: Array.isArray(loss) ? loss.map(goal) : goal(loss as string | Made),
    lossWeights,
    metrics,
    weightedMetrics,
  }) as UsedTrainer;
}

/** An optimizer, schedule or loss of its description. */
function made({ type, ...options }: Made, trainers: object): unknown {
  const factory = (trainers as Readonly<Record<string, Factory>>)[type];
  if (factory === undefined) throw new Error(`There is no ${type}.`);
  const value = (given: unknown) =>
    typeof given === 'object' && given !== null && 'type' in given ? made(given as Made, trainers) : given;
  return factory(Object.fromEntries(Object.entries(options).map(([name, given]) => [name, value(given)])));
}

async function train(
  trainer: UsedTrainer,
  { fit, steps = 10 }: TrainingFixture,
  { x, y, sampleWeight }: { readonly x: Numbered; readonly y: readonly Numbered[]; readonly sampleWeight: Numbered | undefined },
): Promise<Readonly<Record<string, readonly number[]>>> {
  const one = (arrays: readonly Numbered[]) => (arrays.length === 1 ? arrays[0] : arrays);
  if (fit !== undefined) {
    const data = { x, y: one(y), ...(sampleWeight === undefined ? {} : { sampleWeight }) };
    return (await trainer.fit(data, { ...fit, shuffle: false, resetStates: 'never', verbose: 0 })).history;
  }
  const logs: Record<string, number[]> = {};
  for (let step = 0; step < steps; step++) {
    const rows = (array: Numbered) => array.slice([[BATCH * (step % 2), BATCH * (step % 2) + BATCH]]);
    const weights = sampleWeight === undefined ? {} : { sampleWeight: rows(sampleWeight) };
    for (const [key, value] of Object.entries(await trainer.trainOnBatch(rows(x), one(y.map(rows)), weights))) {
      logs[key] = [...(logs[key] ?? []), value];
    }
  }
  return logs;
}

function logMismatches(
  received: Readonly<Record<string, readonly number[]>>,
  expected: TrainingFixture['keras']['logs'],
  floor: number,
): readonly string[] {
  const [ours, theirs] = [Object.keys(received).sort().join(), Object.keys(expected).sort().join()];
  if (ours !== theirs) return [`logs: expected ${theirs}, received ${ours}`];
  return Object.entries(expected).flatMap(([key, values]) => against(flatNumbers(received[key] as Numbers), values, key, { floor }));
}

/** Lets a callback watch given losses and says where it decides otherwise than Keras' does. */
export async function replayCallback(
  { callback, losses, options, keras }: CallbackFixture,
  packages: TrainingPackages,
): Promise<readonly string[]> {
  const { layers, trainers, ndarray } = packages;
  const { dense, sequential } = layers as { dense: Factory; sequential: Factory };
  const { createTrainer, sgd, ...factories } = trainers as Readonly<Record<string, Factory>>;
  // Inputs are 0, so that the model's only weight has no say in the loss.
  const model = sequential([dense({ units: 1, useBias: false, inputShape: [1] })]) as TrainedModel;
  const trainer = (createTrainer as Factory)(model, { optimizer: sgd?.({ learningRate: 0.1 }), loss: 'mae' }) as UsedTrainer;
  try {
    const watched = factories[callback]?.({ monitor: 'loss', ...options }) as { readonly stoppedEpoch?: number | null };
    const rates: number[] = [];
    const marking = { onEpochEnd: (epoch: number) => model.setWeights([ndarray([epoch + 1], [1, 1]) as Numbered]) };
    const recording = { onEpochEnd: () => void rates.push(trainer.learningRate) };
    const { history } = await trainer.fit((epoch: number) => [{ x: ndarray([0], [1, 1]), y: ndarray([losses[epoch] as number], [1, 1]) }], {
      epochs: losses.length,
      verbose: 0,
      callbacks: [marking, watched, recording],
    });
    if (callback === 'reduceLROnPlateau') return against(flatNumbers(rates), keras.rates, 'rates', { tolerance: 1e-6 });
    const weight = model.getWeights()[0]?.data[0] as number;
    const found = { epochs: (history.loss as readonly number[]).length, weight, stopped: (watched.stoppedEpoch ?? null) !== null };
    const [ours, theirs] = [JSON.stringify(found), JSON.stringify({ epochs: keras.epochs, weight: keras.weight, stopped: keras.stopped })];
    return ours === theirs ? [] : [`decision: expected ${theirs}, received ${ours}`];
  } finally {
    trainer.dispose();
    model.dispose();
  }
}

/** Cuts windows, or pads sequences, and says where they differ from Keras'. */
export function replayWindows(fixture: WindowsFixture, windowing: object): readonly string[] {
  const { padSequences, timeseriesDatasetFromArray } = windowing as Readonly<Record<string, Factory>>;
  if (fixture.cut === 'padSequences') {
    const padded = padSequences?.(fixture.sequences, fixture.options) as Numbered;
    const report = mismatch(padded, { ...flatNumbers(fixture.keras.padded), shape: fixture.keras.shape }, 0);
    return report === undefined ? [] : [`padded: ${report}`];
  }
  const dataset = timeseriesDatasetFromArray?.(fixture.data, fixture.targets, fixture.options);
  const batches = [...(dataset as Iterable<{ readonly x: Numbered; readonly y?: Numbered }>)];
  const { batches: expected } = fixture.keras;
  if (batches.length !== expected.length) return [`batches: expected ${expected.length}, received ${batches.length}`];
  return batches.flatMap(({ x, y }, i) =>
    all(y === undefined ? [x] : [x, y], expected[i] as readonly Numbers[], `batch ${i}, array`, { tolerance: 0 }),
  );
}

interface Norm {
  readonly tolerance?: number;
  readonly floor?: number;
}

function all(received: readonly Numbered[], expected: readonly Numbers[], what: string, norm: Norm = {}): readonly string[] {
  if (received.length !== expected.length) return [`${what}: expected ${expected.length} arrays, received ${received.length}`];
  return expected.flatMap((values, i) => against(received[i] as Numbered, values, `${what} ${i}`, norm));
}

function against(
  received: { readonly data: ArrayLike<number>; readonly shape: readonly number[] },
  expected: Numbers,
  what: string,
  { tolerance = TOLERANCE, floor = 1 }: Norm = {},
): readonly string[] {
  const report = mismatch(received, flatNumbers(expected), tolerance, floor);
  return report === undefined ? [] : [`${what}: ${report}`];
}
