import { readFileSync } from 'node:fs';
import { drawn } from './drawn.ts';
import type { ModelDescription } from './keras-model.ts';

/** Nested lists of numbers. */
export type Numbers = number | readonly Numbers[];

/** An array: its values, or values drawn of its shape and changed. */
export interface ArrayDescription {
  readonly shape?: readonly number[];
  readonly values?: Numbers;
  /** The shape the model declares, null for any length. Default: the array's. */
  readonly declared?: readonly (number | null)[];
  readonly dtype?: 'float32' | 'int32' | 'bool';
  readonly map?: 'positive' | 'probability';
  /** `[batch, time]`: 0 where a step is `elsewhere` (default 0) in all features, as padding is. */
  readonly steps?: readonly (readonly number[])[];
  readonly elsewhere?: number;
}

/** One configuration of layers, and what Keras gives for the loss Σ output · cotangent + penalties. */
export interface LayerFixture extends ModelDescription {
  readonly name: string;
  /** The mask that enters with an input. */
  readonly mask?: Readonly<Record<string, readonly (readonly number[])[]>>;
  readonly training?: boolean;
  /** Of the pass, for what is drawn in training. */
  readonly seed?: number;
  /** Calls in a row, each with inputs of its own; gradients are those of the last. Default 1. */
  readonly calls?: number;
  readonly keras: {
    /** The shapes of `get_weights()`. */
    readonly weights: readonly (readonly number[])[];
    /** Their values before any are set; null for those that are drawn. */
    readonly initial?: readonly (Numbers | null)[];
    /** By call, then by output. */
    readonly outputs: readonly (readonly Numbers[])[];
    readonly gradients: readonly Numbers[];
    /** Of the inputs of floats. */
    readonly inputGradients: readonly Numbers[];
    /** The mask of each output; absent where no output has one. */
    readonly masks?: readonly (Numbers | null)[];
    readonly penalty?: number;
    /** Each weight after its constraint, null for one without; absent where no weight has one. */
    readonly constrained?: readonly (Numbers | null)[];
    /** The state of every stateful layer after the last call. */
    readonly state?: readonly Numbers[];
    /** The weights that are not trained, after a pass in training. */
    readonly after?: readonly Numbers[];
  };
}

/** A factory by name with its options. */
export interface Made {
  readonly type: string;
  readonly [option: string]: unknown;
}

/** One short training: steps on the first and the last four rows in turns, or a run of `fit`. */
export interface TrainingFixture extends ModelDescription {
  readonly name: string;
  /** How many steps, where there is no `fit`. Default 10. */
  readonly steps?: number;
  /** Whether every batch has four rows and carries state. Default: whether the name says so. */
  readonly stateful?: boolean;
  readonly targets: readonly ArrayDescription[];
  readonly sampleWeight?: ArrayDescription;
  readonly optimizer: Made;
  readonly loss: string | Made | readonly (string | Made)[];
  readonly lossWeights?: readonly number[];
  readonly metrics?: readonly string[] | readonly (readonly string[])[];
  readonly weightedMetrics?: readonly string[];
  readonly fit?: { readonly epochs: number; readonly batchSize: number };
  readonly keras: {
    /** By step, or by epoch. */
    readonly logs: Readonly<Record<string, readonly number[]>>;
    readonly weights: readonly Numbers[];
    /** For the first four rows, from zero state. */
    readonly prediction: readonly Numbers[];
  };
}

/** What a callback decides on given losses. Before each epoch ends, the model's only weight is set to the epoch's number plus 1. */
export type CallbackFixture = { readonly losses: readonly number[]; readonly options: Readonly<Record<string, unknown>> } & (
  | {
      readonly callback: 'earlyStopping';
      readonly keras: { readonly epochs: number; readonly weight: number; readonly stopped: boolean };
    }
  | { readonly callback: 'reduceLROnPlateau'; readonly keras: { readonly rates: readonly number[] } }
);

/** What is cut out of rows, or padded, and what Keras makes of it. */
export type WindowsFixture = { readonly name: string; readonly options: Readonly<Record<string, unknown>> } & (
  | {
      readonly cut: 'padSequences';
      readonly sequences: readonly Numbers[];
      readonly keras: { readonly padded: Numbers; readonly shape: readonly number[] };
    }
  | {
      readonly cut: 'timeseriesDatasetFromArray';
      readonly data: Numbers;
      readonly targets: Numbers | null;
      readonly keras: { readonly batches: readonly (readonly Numbers[])[] };
    }
);

export interface KerasFixtures {
  /** The version of Keras. */
  readonly keras: string;
  readonly seed: number;
  readonly layers: readonly LayerFixture[];
  readonly training: readonly TrainingFixture[];
  readonly callbacks: readonly CallbackFixture[];
  readonly windows: readonly WindowsFixture[];
}

/** What real Keras gives: configurations written by hand, and drawn ones that hold every value of every option. */
export function kerasFixtures(): KerasFixtures {
  const byHand = fixtureFile<Omit<KerasFixtures, 'windows'>>('keras-layers');
  const drawn = <K extends keyof KerasFixtures>(section: K) => fixtureFile<Pick<KerasFixtures, K>>(`keras-options-${section}`)[section];
  return {
    keras: byHand.keras,
    seed: byHand.seed,
    layers: [...byHand.layers, ...drawn('layers')],
    training: [...byHand.training, ...drawn('training')],
    callbacks: [...byHand.callbacks, ...drawn('callbacks')],
    windows: drawn('windows'),
  };
}

function fixtureFile<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8')) as T;
}

/** The array a description stands for, flat. `key` names it among all that are drawn. */
export function describedArray(
  description: ArrayDescription,
  { seed, key }: { readonly seed: number; readonly key: string },
): { readonly data: Float32Array | Int32Array | Uint8Array; readonly shape: readonly number[] } {
  const { values, dtype = 'float32', map, steps, elsewhere = 0 } = description;
  const shape = shapeOf(description);
  if (values !== undefined) {
    const flat = flatten(values);
    return {
      data: dtype === 'float32' ? Float32Array.from(flat) : dtype === 'int32' ? Int32Array.from(flat) : Uint8Array.from(flat),
      shape,
    };
  }
  const data = drawn({ seed, key, shape });
  const width = shape.at(-1) as number;
  if (map !== undefined) for (const [i, value] of data.entries()) data[i] = Math.abs(value) + 0.25;
  if (map === 'probability') {
    for (let start = 0; start < data.length; start += width) {
      const row = data.subarray(start, start + width);
      const sum = row.reduce((total, value) => total + value, 0);
      row.set(row.map((value) => value / sum));
    }
  }
  for (const [step, real] of (steps ?? []).flat().entries()) if (real === 0) data.fill(elsewhere, step * width, (step + 1) * width);
  return { data, shape };
}

/** Nested lists as one flat list and their shape. */
export function flatNumbers(values: Numbers): { readonly data: readonly number[]; readonly shape: readonly number[] } {
  const shape: number[] = [];
  for (let rest: Numbers | undefined = values; rest !== undefined && typeof rest !== 'number'; rest = rest[0]) shape.push(rest.length);
  return { data: flatten(values), shape };
}

/** The shape of a described array. */
export function shapeOf({ shape, values = 0 }: ArrayDescription): readonly number[] {
  return shape ?? flatNumbers(values).shape;
}

function flatten(values: Numbers): number[] {
  return typeof values === 'number' ? [values] : values.flatMap(flatten);
}

/** The weights a model is given: array i is drawn with the key `<name>/weight i`; variances are made positive. */
export function drawnWeights(
  parameters: readonly { readonly path: string; readonly variable: { readonly shape: readonly number[] } }[],
  { seed, name }: { readonly seed: number; readonly name: string },
): { readonly data: Float32Array; readonly shape: readonly number[] }[] {
  return parameters.map(({ path, variable: { shape } }, i) => {
    const data = drawn({ seed, key: `${name}/weight ${i}`, shape });
    return { data: /(variance|stddev)$/.test(path) ? data.map((value) => Math.abs(value) + 0.5) : data, shape };
  });
}
