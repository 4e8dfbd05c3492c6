import type { Refusal } from '@cellstate/testing';
import * as tf from '@tensorflow/tfjs-core';
import {
  add,
  bidirectional,
  dense,
  dropout,
  embedding,
  flatten,
  globalAveragePooling1d,
  input,
  type LstmOptions,
  lambda,
  lstm,
  model,
  multiHeadAttention,
  orthogonalRegularizer,
  repeatVector,
  sequential,
  timeDistributed,
} from '../../src/index.ts';

const anything = (value: unknown) => value as never;
const small = (options: Partial<LstmOptions> = {}) =>
  sequential([lstm({ units: 2, inputShape: [null, 1], ...options }), dense({ units: 1 })]);
const pinned = () => small({ stateful: true, inputShape: undefined as never, batchInputShape: [2, null, 1] });
const trainerOf = (made: unknown) => made as Record<'fit' | 'compile' | 'resetStates', () => void>;
const x = [[[1], [2]]];
const tensor = (...shape: number[]) => tf.ones(shape);

/** A model of two inputs, `a [2]` and `b [2]`. */
function pair() {
  const [a, b] = [input({ shape: [2], name: 'a' }), input({ shape: [2], name: 'b' })];
  return model({ inputs: { a, b }, outputs: add().apply([a, b]) });
}

function attentiveToImages() {
  const x = input({ shape: [2, 3, 2] });
  return model({ inputs: x, outputs: multiHeadAttention({ numHeads: 1, keyDim: 2, attentionAxes: 2 }).apply([x, x]) });
}

function stream(made = small()) {
  const opened = made.stream({ lanes: 2 });
  opened.push([[1], [2]]);
  return opened;
}

function disposed() {
  const opened = stream();
  opened.dispose();
  return opened;
}

function gone() {
  const made = small();
  made.dispose();
  return made;
}

const streamed = (...layers: Parameters<typeof sequential>[0]) => sequential(layers).stream();

/** An output that follows each step joined with one that follows the whole sequence. */
function mixed() {
  const steps = input({ shape: [3, 1] });
  const last = lstm({ units: 1 }).apply(steps);
  const joined = add().apply([steps, last]);
  return model({ inputs: steps, outputs: joined }).stream();
}

/** A decoder that starts from what an encoder made of the whole sequence. */
function decoding() {
  const steps = input({ shape: [3, 1] });
  const [, hidden, cell] = lstm({ units: 2, returnState: true }).apply(steps) as never as (typeof steps)[];
  const decoded = lstm({ units: 2, returnSequences: true }).apply(steps, { initialState: [hidden, cell] });
  return model({ inputs: steps, outputs: decoded }).stream();
}

/** What models refuse while they are made. */
export const MAKING_REFUSALS: readonly Refusal[] = [
  ['a model without options', () => model(anything(undefined))],
  ['a model of layers', () => model({ inputs: input({ shape: [1] }), outputs: anything(dense({ units: 1 })) })],
  ['a factory for a layer', () => sequential([lstm({ units: 1, inputShape: [2, 1] }), anything(dense)])],
  ['options for a layer', () => sequential([lstm({ units: 1, inputShape: [2, 1] }), anything({ units: 1 })])],
  ['no input shape', () => sequential([dense({ units: 1 })])],
  ['two input shapes', () => sequential([dense({ units: 1, inputShape: [2], batchInputShape: [1, 2] })])],
  [
    'a layer twice in a row',
    () => {
      const again = dense({ units: 2 });
      return sequential([dense({ units: 2, inputShape: [2] }), again, again]);
    },
  ],
  ['several outputs in a row', () => sequential([lstm({ units: 1, returnState: true, inputShape: [2, 1] }), dense({ units: 1 })])],
  ['features of any length', () => sequential([dense({ units: 1, inputShape: [3, null] })])],
  ['a bias that starts orthogonal', () => sequential([dense({ units: 1, biasInitializer: 'orthogonal', inputShape: [3] })])],
  ['one name twice', () => sequential([dense({ units: 1, name: 'a', inputShape: [2] }), dense({ units: 1, name: 'a' })])],
  [
    'an input left out',
    () => {
      const [a, b] = [input({ shape: [1] }), input({ shape: [1] })];
      return model({ inputs: a, outputs: add().apply([a, b]) });
    },
  ],
  [
    'a model that starts in the middle',
    () => {
      const inner = dense({ units: 1 }).apply(input({ shape: [1] }));
      return model({ inputs: inner, outputs: dense({ units: 1 }).apply(inner) });
    },
  ],
  [
    'an input given twice',
    () => {
      const a = input({ shape: [1] });
      return model({ inputs: [a, a], outputs: dense({ units: 1 }).apply(a) });
    },
  ],
  [
    'a shared layer on other features',
    () => {
      const shared = dense({ units: 2, name: 'shared' });
      const [three, four] = [input({ shape: [3] }), input({ shape: [4] })];
      return model({ inputs: [three, four], outputs: [shared.apply(three), shared.apply(four)] });
    },
  ],
  ['a model applied to one of two inputs', () => pair().apply([input({ shape: [2] })])],
  ['a model applied to another shape', () => small().apply(input({ shape: [7, 2] }))],
  ['a parameter before there is a model', () => dense({ units: 1 }).parameter('kernel')],
  ['a penalty on a vector', () => orthogonalRegularizer()(tensor(2))],
  ['a mode of a penalty that is none', () => orthogonalRegularizer({ mode: anything('both') })],
];

/** What models and streams refuse when they are used. */
export const RUNNING_REFUSALS: readonly Refusal[] = [
  ['a layer that is not there', () => small().getLayer('dense_7')],
  ['fit on a model', () => trainerOf(small()).fit()],
  ['compile on a model', () => trainerOf(small()).compile()],
  ['resetStates on a model', () => trainerOf(small()).resetStates()],
  ['a state for no rows', () => small().initialState(0)],
  ['too few weights', () => small().setWeights([])],
  ['weights of another shape', () => small().setWeights([...small().getWeights().slice(0, -1), [1, 2]])],
  ['a disposed model', () => gone().getWeights()],
  ['a call without input', () => small().call(anything(undefined))],
  ['a call with numbers', () => small().call(anything([x]))],
  ['a call with one of two inputs', () => pair().call([tensor(1, 2)])],
  ['a call by other names', () => pair().call({ a: tensor(1, 2), c: tensor(1, 2) })],
  ['a call with other features', () => small().call(tensor(1, 2, 3))],
  ['a call with one sample', () => small().call(tensor(2, 1))],
  ['a call with other rows', () => pair().call([tensor(1, 2), tensor(2, 2)])],
  ['another number of rows than declared', () => pinned().call(tensor(3, 2, 1))],
  ['a state that is a text', () => small().call(tensor(1, 2, 1), { state: anything('zero') })],
  ['a state of other rows', () => small().call(tensor(1, 2, 1), { state: small().initialState(2) })],
  ['a mask of other steps', () => small().call(tensor(1, 2, 1), { mask: tensor(1, 5) })],
  [
    'a mask of other steps for each step',
    () =>
      sequential([timeDistributed({ layer: dense({ units: 1, inputShape: [1] }), inputShape: [2, 1] })]).call(tensor(1, 2, 1), {
        mask: tensor(1, 5),
      }),
  ],
  ['a mask for attention over images', () => attentiveToImages().call(tensor(1, 2, 3, 2), { mask: tensor(1, 2) })],
  [
    'a mask along features',
    () =>
      sequential([globalAveragePooling1d({ dataFormat: 'channelsFirst', inputShape: [2, 3] })]).call(tensor(1, 2, 3), {
        mask: tensor(1, 2),
      }),
  ],
  ['a training pass without seed', () => sequential([dropout({ rate: 0.5, inputShape: [2] })]).call(tensor(1, 2), { training: true })],
  [
    'a function that gives another shape',
    () => sequential([lambda({ function: (a) => tf.concat([a as tf.Tensor, a as tf.Tensor], 1), inputShape: [2] })]).call(tensor(1, 2)),
  ],
  ['a stateful prediction from nowhere', () => small({ stateful: true }).predict(x)],
  ['a prediction in batches of zero', () => small().predict(x, { batchSize: 0 })],
  ['a prediction with an unknown option', () => small().predict(x, anything({ batchsize: 1 }))],
  ['a prediction of nothing', () => small().predict(anything(undefined))],
  ['a prediction of no rows', () => small().predict(tf.zeros([0, 2, 1]))],
  [
    'a prediction of other rows',
    () =>
      pair().predict([
        [[1, 2]],
        [
          [1, 2],
          [3, 4],
        ],
      ]),
  ],
  ['a stream of no lanes', () => small().stream({ lanes: 0 })],
  [
    'a step of other features',
    () =>
      stream().push([
        [1, 2],
        [3, 4],
      ]),
  ],
  ['a step of other lanes', () => stream().push([[1], [2], [3]])],
  ['a step of a number', () => stream().push(anything(1))],
  ['texts for arrays', () => pair().predict(anything(['a', 'b']))],
  ['a step of a text', () => stream().push(anything('one'))],
  ['a lane that is not there', () => stream().reset([2])],
  ['lanes that are no list', () => stream().reset(anything(0))],
  ['a snapshot of another stream', () => stream().restore({ ...stream().snapshot(), starts: [] })],
  ['a snapshot that is none', () => stream().restore(anything(null))],
  ['a disposed stream', () => disposed().push([[1], [2]])],
  ['a stream of both directions', () => streamed(bidirectional({ layer: lstm({ units: 1, returnSequences: true }), inputShape: [2, 1] }))],
  ['a stream backwards', () => streamed(lstm({ units: 1, goBackwards: true, inputShape: [2, 1] }))],
  ['a stream that needs all steps', () => streamed(flatten({ inputShape: [2, 1] }), dense({ units: 1 }))],
  [
    'a stream of what comes after its end',
    () => streamed(lstm({ units: 1, inputShape: [2, 1] }), repeatVector({ n: 2 }), lstm({ units: 1 })),
  ],
  [
    'a stream of rows that come after its end',
    () => streamed(lstm({ units: 2, inputShape: [2, 1] }), embedding({ inputDim: 2, outputDim: 2 }), lstm({ units: 1 })),
  ],
  ['a stream that decodes what is not yet over', decoding],
  ['a stream that joins a step with the end', mixed],
];

/** The one refusal that needs an engine of this name. */
export async function pushWithoutSynchronousReads(): Promise<unknown> {
  const opened = stream();
  const before = tf.getBackend();
  tf.registerBackend('webgpu', () => tf.findBackend(before));
  try {
    await tf.setBackend('webgpu');
    return opened.push([[1], [2]]);
  } finally {
    await tf.setBackend(before);
    tf.removeBackend('webgpu');
  }
}
