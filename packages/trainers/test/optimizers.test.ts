import { expectClose } from '@cellstate/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adadelta, adagrad, adam, adamax, adamW, exponentialDecay, lion, nadam, type Optimizer, rmsprop, sgd } from '../src/index.ts';
import { optimizerMemory } from '../src/optimizers/optimizer-memory.ts';
import { resolveOptimizer } from '../src/optimizers/resolve-optimizer.ts';

const GRADIENTS = [
  [0.1, -0.2, 0.3],
  [-0.4, 0.5, 0.05],
  [0.01, 0.02, -3],
];

/** Values after each of three steps. */
function run(optimizer: Optimizer): number[][] {
  const memory = optimizerMemory(optimizer);
  const values = Float32Array.of(1, -2, 3);
  return GRADIENTS.map((gradient) => {
    memory.apply([{ path: 'w', values, gradient: Float32Array.from(gradient) }]);
    return [...values];
  });
}

// Keras 3.15.1, float32: the variable [1, −2, 3] after each step.
const KERAS: [string, Optimizer, number[][]][] = [
  [
    'sgd, averages put in place every second step',
    sgd({ learningRate: 0.1, useEma: true, emaMomentum: 0.9, emaOverwriteFrequency: 2 }),
    [
      [0.99, -1.98, 2.97],
      [0.994, -1.985, 2.9695],
      [0.993, -1.987, 3.2695],
    ],
  ],
  [
    'sgd, a step of two gradients',
    sgd({ learningRate: 0.1, gradientAccumulationSteps: 2 }),
    [
      [1, -2, 3],
      [1.015, -2.015, 2.9825],
      [1.015, -2.015, 2.9825],
    ],
  ],
  [
    'sgd',
    sgd({ learningRate: 0.1 }),
    [
      [0.99, -1.98, 2.97],
      [1.03, -2.03, 2.965],
      [1.029, -2.032, 3.265],
    ],
  ],
  [
    'sgd, momentum',
    sgd({ learningRate: 0.1, momentum: 0.9 }),
    [
      [0.99, -1.98, 2.97],
      [1.021, -2.012, 2.938],
      [1.0479001, -2.0428002, 3.2092],
    ],
  ],
  [
    'sgd, nesterov',
    sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }),
    [
      [0.981, -1.962, 2.943],
      [1.0489, -2.0408, 2.9092002],
      [1.07211, -2.0705202, 3.4532802],
    ],
  ],
  [
    'rmsprop',
    rmsprop({ learningRate: 0.1 }),
    [
      [0.68378806, -1.6837761, 2.683774],
      [0.99147946, -1.9794319, 2.6290567],
      [0.98337376, -1.9918882, 2.9439723],
    ],
  ],
  [
    'rmsprop, momentum',
    rmsprop({ learningRate: 0.1, momentum: 0.9 }),
    [
      [0.68378806, -1.6837761, 2.683774],
      [0.7068887, -1.6948304, 2.3444533],
      [0.71957356, -1.7172354, 2.3539805],
    ],
  ],
  [
    'rmsprop, centered',
    rmsprop({ learningRate: 0.1, centered: true }),
    [
      [0.66668516, -1.6666713, 2.6666687],
      [0.98351645, -1.9677663, 2.6082525],
      [0.9752109, -1.9804583, 2.9367614],
    ],
  ],
  [
    'rmsprop, centered, of the last gradient alone: nothing is left of its square but the epsilon',
    rmsprop({ learningRate: 0.1, rho: 0, epsilon: 1e-3, centered: true }),
    [
      [0.68377221, -1.3675444, 2.0513167],
      [1.9486833, -2.9486833, 1.8932029],
      [1.9170605, -3.0119288, 11.380035],
    ],
  ],
  [
    'rmsprop, momentum and centered',
    rmsprop({ learningRate: 0.1, momentum: 0.9, centered: true }),
    [
      [0.66668516, -1.6666713, 2.6666687],
      [0.68353313, -1.6677704, 2.3082542],
      [0.69039077, -1.6814516, 2.3141901],
    ],
  ],
  [
    'adam',
    adam({ learningRate: 0.1 }),
    [
      [0.9000038, -1.9000022, 2.9000018],
      [0.9559531, -1.944223, 2.8216705],
      [0.99764, -1.9807547, 2.879125],
    ],
  ],
  [
    'adam, amsgrad',
    adam({ learningRate: 0.1, amsgrad: true }),
    [
      [0.9000038, -1.9000022, 2.9000018],
      [0.9559531, -1.944223, 2.8216705],
      [0.99763143, -1.9807547, 2.879125],
    ],
  ],
  [
    'adamW',
    adamW({ learningRate: 0.1 }),
    [
      [0.89960384, -1.8992022, 2.8988018],
      [0.9551934, -1.9426633, 2.8193111],
      [0.9964982, -1.978418, 2.875638],
    ],
  ],
  [
    'adamW, weightDecay 0.1',
    adamW({ learningRate: 0.1, weightDecay: 0.1 }),
    [
      [0.8900038, -1.8800023, 2.8700018],
      [0.9370531, -1.905423, 2.7629704],
      [0.9693695, -1.9229006, 2.7927954],
    ],
  ],
  [
    'adamax',
    adamax({ learningRate: 0.1 }),
    [
      [0.9000001, -1.9000001, 2.9],
      [0.9407895, -1.9336842, 2.8438036],
      [0.9656298, -1.9564376, 2.8771615],
    ],
  ],
  [
    'nadam',
    nadam({ learningRate: 0.1 }),
    [
      [0.89372134, -1.8937212, 2.8937213],
      [0.9910925, -1.9859103, 2.869804],
      [0.9949479, -1.9949723, 2.975206],
    ],
  ],
  [
    'adagrad',
    adagrad({ learningRate: 0.1 }),
    [
      [0.9698489, -1.9465477, 2.9311752],
      [1.0468289, -2.0266118, 2.919779],
      [1.0449047, -2.0298128, 3.0187266],
    ],
  ],
  [
    'adadelta',
    adadelta({ learningRate: 1 }),
    [
      [0.99858594, -1.9985858, 2.9985857],
      [1.0005289, -2.0004492, 2.9982486],
      [1.0004599, -2.000553, 3.0002427],
    ],
  ],
  [
    'lion',
    lion({ learningRate: 0.1 }),
    [
      [0.9, -1.9, 2.9],
      [1, -2, 2.8],
      [1.1, -2.1, 2.9],
    ],
  ],
  [
    'sgd, weightDecay',
    sgd({ learningRate: 0.1, weightDecay: 0.1 }),
    [
      [0.98, -1.96, 2.94],
      [1.0102, -1.9904, 2.9056],
      [0.999098, -1.972496, 3.1765437],
    ],
  ],
  [
    'sgd, clipNorm',
    sgd({ learningRate: 0.1, clipNorm: 0.25 }),
    [
      [0.9933185, -1.986637, 2.9799554],
      [1.0088885, -2.0060995, 2.9780092],
      [1.0088052, -2.006266, 3.0030086],
    ],
  ],
  [
    'sgd, globalClipNorm',
    sgd({ learningRate: 0.1, globalClipNorm: 0.25 }),
    [
      [0.9933185, -1.986637, 2.9799554],
      [1.0088885, -2.0060995, 2.9780092],
      [1.0088052, -2.006266, 3.0030086],
    ],
  ],
  [
    'sgd, clipValue',
    sgd({ learningRate: 0.1, clipValue: 0.15 }),
    [
      [0.99, -1.985, 2.985],
      [1.005, -2, 2.98],
      [1.004, -2.002, 2.995],
    ],
  ],
  [
    'adam, exponential decay',
    adam({ learningRate: exponentialDecay({ initialLearningRate: 0.1, decaySteps: 2, decayRate: 0.5 }) }),
    [
      [0.9000038, -1.9000022, 2.9000018],
      [0.93956596, -1.9312711, 2.8446133],
      [0.9604094, -1.9495369, 2.8733406],
    ],
  ],
];

describe('update rules', () => {
  test.each(KERAS)("%s gives Keras' values", (_name, optimizer, expected) => {
    expectClose(run(optimizer), expected, { absolute: 4e-7, relative: 4e-7 });
  });

  test('globalClipNorm takes all parameters together', () => {
    const memory = optimizerMemory(sgd({ learningRate: 1, globalClipNorm: 2.5 }));
    const a = Float32Array.of(0);
    const b = Float32Array.of(0);
    memory.apply([
      { path: 'a', values: a, gradient: Float32Array.of(3) },
      { path: 'b', values: b, gradient: Float32Array.of(-4) },
    ]);
    expectClose([...a, ...b], [-1.5, 2]);
  });

  test('a gradient within the limit is not touched by clipping', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: Math.fround(-0.5), max: Math.fround(0.5), noNaN: true }), { minLength: 1, maxLength: 4 }),
        (gradient) => {
          const clipped = new Float32Array(gradient.length);
          const plain = new Float32Array(gradient.length);
          const steps = (values: Float32Array) => [{ path: 'w', values, gradient: Float32Array.from(gradient) }];
          optimizerMemory(sgd({ clipNorm: 1 })).apply(steps(clipped));
          optimizerMemory(sgd()).apply(steps(plain));
          expect(clipped).toEqual(plain);
        },
      ),
    );
  });
});

describe('memory', () => {
  test('two trainers share a definition, not its memory', () => {
    const definition = adam({ learningRate: 0.1 });
    expect(run(definition)).toEqual(run(definition));
  });

  test('counts steps and lets the rate be changed', () => {
    const memory = optimizerMemory(sgd({ learningRate: 0.5 }));
    const values = Float32Array.of(0);
    memory.apply([{ path: 'w', values, gradient: Float32Array.of(1) }]);
    memory.learningRate = 0.25;
    memory.apply([{ path: 'w', values, gradient: Float32Array.of(1) }]);
    expect(memory.iterations).toBe(2);
    expect(values[0]).toBe(-0.75);
  });

  test('averages are kept beside the weights, and are no slots of the rule', () => {
    const memory = optimizerMemory(sgd({ learningRate: 0.1, useEma: true, emaMomentum: 0.9 }));
    const values = Float32Array.of(1, -2, 3);
    for (const gradient of GRADIENTS) memory.apply([{ path: 'w', values, gradient: Float32Array.from(gradient) }]);
    expectClose(values, [1.029, -2.032, 3.265]);
    expectClose(memory.averageOf('w') as Float32Array, [0.9975, -1.9897001, 2.9990497]);
    expect(memory.averageOf('v')).toBeUndefined();
    expect(optimizerMemory(sgd()).averageOf('w')).toBeUndefined();
    const both = { useEma: true, gradientAccumulationSteps: 2 };
    for (const make of [adam, rmsprop, sgd, nadam])
      expect(run(make({ learningRate: 0.1, ...both }))[2]).toEqual(run(make({ learningRate: 0.1, gradientAccumulationSteps: 2 }))[2]);
  });

  test('a schedule is asked before the step and cannot be overwritten', () => {
    const asked: number[] = [];
    const memory = optimizerMemory(
      sgd({
        learningRate: (step) => {
          asked.push(step);
          return 0.5;
        },
      }),
    );
    memory.apply([{ path: 'w', values: Float32Array.of(0), gradient: Float32Array.of(1) }]);
    expect(memory.learningRate).toBe(0.5);
    expect(asked).toEqual([0, 1]);
    expect(() => {
      memory.learningRate = 1;
    }).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The learning rate follows a schedule and cannot be set. [SCHEDULED_LEARNING_RATE]
        expected: an optimizer with a number as learningRate
        received: the schedule of sgd
        where: learningRate
        hint: Give the optimizer a number, or leave out the callback that changes the rate.]
    `);
  });
});

describe('options', () => {
  test.each([
    ['learningRate', () => sgd({ learningRate: 0 })],
    ['learningRate', () => adam({ learningRate: Number.NaN })],
    ['weightDecay', () => sgd({ weightDecay: -1 })],
    ['clipNorm', () => sgd({ clipNorm: 0 })],
    ['momentum', () => sgd({ momentum: -0.1 })],
    ['momentum', () => sgd({ momentum: 1.1 })],
    ['emaMomentum', () => sgd({ useEma: true, emaMomentum: 1.1 })],
    ['emaOverwriteFrequency', () => sgd({ useEma: true, emaOverwriteFrequency: 0 })],
    ['gradientAccumulationSteps', () => sgd({ gradientAccumulationSteps: 1 })],
    ['useEma', () => sgd({ useEma: 1 as never })],
    ['rho', () => rmsprop({ rho: 1 })],
    ['momentum', () => rmsprop({ momentum: -1 })],
    ['epsilon', () => rmsprop({ epsilon: -1 })],
    ['beta1', () => adam({ beta1: 1 })],
    ['beta2', () => adam({ beta2: -0.1 })],
    ['epsilon', () => adam({ epsilon: -1 })],
    ['beta1', () => adamax({ beta1: 1 })],
    ['beta2', () => adamax({ beta2: 1 })],
    ['epsilon', () => adamax({ epsilon: -1 })],
    ['beta1', () => nadam({ beta1: 1 })],
    ['beta2', () => nadam({ beta2: 1 })],
    ['epsilon', () => nadam({ epsilon: -1 })],
    ['initialAccumulatorValue', () => adagrad({ initialAccumulatorValue: -1 })],
    ['epsilon', () => adagrad({ epsilon: -1 })],
    ['rho', () => adadelta({ rho: 1 })],
    ['epsilon', () => adadelta({ epsilon: -1 })],
    ['beta1', () => lion({ beta1: 0 })],
    ['beta2', () => lion({ beta2: 1 })],
  ])('%s out of range', (option, make) => {
    expect(make).toThrowError(expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(`'${option}'`) }));
  });

  test('an average that is not kept needs no momentum', () => {
    expect(() => adam({ emaMomentum: 0.9 })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: Option 'emaMomentum' has no meaning without averages. [CONTRADICTORY_OPTIONS]
        expected: useEma: true beside it
        received: emaMomentum alone
        where: adam]
    `);
    expect(adam({ emaOverwriteFrequency: null, clipNorm: null, weightDecay: null }).average).toBeNull();
  });

  test('two ways of clipping contradict each other', () => {
    expect(() => adam({ clipNorm: 1, clipValue: 1 })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: Gradients can be clipped in one way only. [CONTRADICTORY_OPTIONS]
        expected: one of clipNorm, clipValue, globalClipNorm
        received: clipNorm, clipValue
        where: adam]
    `);
  });

  test('unknown options', () => {
    expect(() => sgd({ momentun: 0.9 } as never)).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: Unknown option 'momentun'. [UNKNOWN_OPTION]
        expected: one of learningRate, weightDecay, clipNorm, clipValue, globalClipNorm, useEma, emaMomentum, emaOverwriteFrequency, gradientAccumulationSteps, momentum, nesterov
        received: momentun
        where: sgd
        hint: Did you mean 'momentum'?]
    `);
  });

  test("names in any case stand for Keras' defaults", () => {
    expect(
      ['sgd', 'RMSprop', 'Adam', 'adamw', 'Adamax', 'nadam', 'ADAGRAD', 'adadelta', 'lion'].map((name) => resolveOptimizer(name).name),
    ).toEqual(['sgd', 'rmsprop', 'adam', 'adamW', 'adamax', 'nadam', 'adagrad', 'adadelta', 'lion']);
    expect(resolveOptimizer('sgd').learningRate).toBe(0.01);
    expect(resolveOptimizer('adam').learningRate).toBe(0.001);
    expect(() => resolveOptimizer('adan')).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: There is no optimizer 'adan'. [UNKNOWN_OPTIMIZER]
        expected: one of sgd, rmsprop, adam, adamW, adamax, nadam, adagrad, adadelta, lion
        received: adan
        where: createTrainer, option optimizer
        hint: Did you mean 'adam'?]
    `);
  });
});
