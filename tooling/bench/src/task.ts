/** One thing to measure: a model, its sizes, and what is done with it. */
export interface Task {
  /** For `--only`: `lstm-32x50x2x32`. */
  readonly name: string;
  readonly title: string;
  /** `train`: forward, MSE, backward, Adam on one batch. `predict`: forward. `stream`: one step of one lane with carried state. */
  readonly work: 'train' | 'predict' | 'stream';
  readonly cell: 'lstm' | 'gru';
  /** Recurrent layers, one on the other; the last gives its last output to a dense layer of one unit. */
  readonly layers: number;
  readonly bidirectional: boolean;
  readonly batch: number;
  readonly time: number;
  readonly features: number;
  readonly units: number;
}

const lstm = { work: 'train', cell: 'lstm', layers: 1, bidirectional: false } as const;

/** B, T, F, U. */
type Sizes = readonly [batch: number, time: number, features: number, units: number];

const tutorial: Sizes = [1, 3, 1, 4];
const small: Sizes = [32, 50, 2, 32];
const wide: Sizes = [32, 50, 2, 128];
const large: Sizes = [64, 100, 8, 256];

/** Everything that `pnpm bench --full` measures, in order. */
export const TASKS: readonly Task[] = [
  task(tutorial, {}),
  task(small, {}),
  task(wide, {}),
  task(large, {}),
  task(small, { cell: 'gru' }),
  task(wide, { cell: 'gru' }),
  task(small, { bidirectional: true }),
  task([32, 50, 2, 64], { layers: 2 }),
  task(small, { work: 'predict' }),
  task(wide, { work: 'predict' }),
  task(large, { work: 'predict' }),
  task([1, 1, 2, 32], { work: 'stream' }),
];

/** One LSTM in training, from the tutorial's to a large one: what goals and the README's claim are about. */
export const TRAINED_SHAPES: readonly Task[] = TASKS.slice(0, 4);

/** What `pnpm bench` measures without options. */
export const DEFAULT_TASKS: readonly Task[] = TASKS.filter(
  ({ work, cell, layers, bidirectional, units }) =>
    cell === 'lstm' && layers === 1 && !bidirectional && (work !== 'train' || units <= 128) && units <= 128,
);

/** The tasks of `--quick`: the smallest two models' training, and streaming. */
export const QUICK_TASKS: readonly Task[] = DEFAULT_TASKS.filter(({ work, units }) => units <= 32 && work !== 'predict');

/** A task of these sizes; without options the training of one LSTM. */
export function task(
  [batch, time, features, units]: Sizes,
  options: Partial<typeof lstm | Pick<Task, 'work' | 'cell' | 'layers' | 'bidirectional'>>,
): Task {
  const kind = { ...lstm, ...options } as Pick<Task, 'work' | 'cell' | 'layers' | 'bidirectional'>;
  const sizes = { batch, time, features, units };
  return { ...kind, ...sizes, name: nameOf(kind, sizes), title: titleOf(kind, sizes) };
}

type Kind = Pick<Task, 'work' | 'cell' | 'layers' | 'bidirectional'>;
type Extent = Pick<Task, 'batch' | 'time' | 'features' | 'units'>;

function nameOf({ work, cell, layers, bidirectional }: Kind, { batch, time, features, units }: Extent): string {
  const words = [work === 'train' ? '' : work, bidirectional ? 'bidirectional' : '', layers > 1 ? 'stacked' : '', cell];
  const sizes = work === 'stream' ? [features, units] : [batch, time, features, units];
  return [...words.filter((word) => word !== ''), sizes.join('x')].join('-');
}

function titleOf({ work, cell, layers, bidirectional }: Kind, { batch, time, features, units }: Extent): string {
  const one = `${cell.toUpperCase()}(${units})`;
  const model = `${bidirectional ? `bidirectional ${one}` : Array(layers).fill(one).join(' → ')} → Dense(1)`;
  if (work === 'stream') return `Streaming: one step of one lane, ${features} features, ${model}`;
  return `${work === 'train' ? 'Training step' : 'Forward pass'}: ${model} on [${batch}, ${time}, ${features}]`;
}
