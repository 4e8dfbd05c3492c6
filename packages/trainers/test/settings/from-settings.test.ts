import { dense, sequential } from '@cellstate/layers';
import { describe, expect, test } from 'vitest';
import { createTrainer, exponentialDecay, huber, sgd } from '../../src/index.ts';

const model = () => sequential([dense({ units: 1, kernelInitializer: 'ones', inputShape: [2] })]);
const data = {
  x: [
    [1, 2],
    [3, -1],
    [0, 2],
  ],
  y: [[1], [2], [9]],
};

describe('a trainer of plain settings', () => {
  test('trains as one of the definitions they name, to the last bit', async () => {
    const plain = createTrainer(model(), {
      optimizer: {
        name: 'SGD',
        momentum: 0.9,
        learningRate: { name: 'exponentialDecay', initialLearningRate: 0.1, decaySteps: 2, decayRate: 0.5 },
      },
      loss: { name: 'huber', delta: 0.5 },
      metrics: [{ name: 'meanAbsoluteError' }, 'mse'],
    });
    const made = createTrainer(model(), {
      optimizer: sgd({ momentum: 0.9, learningRate: exponentialDecay({ initialLearningRate: 0.1, decaySteps: 2, decayRate: 0.5 }) }),
      loss: huber({ delta: 0.5 }),
      metrics: ['meanAbsoluteError', 'mse'],
    });
    const options = { epochs: 4, batchSize: 1, shuffle: false, verbose: 0 } as const;
    const [first, second] = [await plain.fit(data, options), await made.fit(data, options)];
    expect(first.history).toEqual(second.history);
    expect(first.history.loss?.at(-1)).not.toBe(first.history.loss?.[0]);
  });

  test('takes losses by output and lists of metrics', async () => {
    const trainer = createTrainer(model(), { loss: { dense: { name: 'mse' } }, metrics: [[{ name: 'KLDivergence' }, 'mae']] });
    expect(Object.keys(await trainer.evaluate(data))).toEqual(['loss', 'klDivergence', 'mae'].sort());
  });

  test.each([
    [{ optimizer: { name: 'adagrat' } }, 'optimizer'],
    [{ optimizer: { name: 'adam', learningRate: { name: 'steps' } } }, 'optimizer, learningRate'],
    [{ loss: { name: 'msee' } }, 'loss'],
    [{ metrics: [{ name: 'auc' }] }, 'metrics'],
  ])('throws for the unknown name in %j', (settings, option) => {
    expect(() => createTrainer(model(), settings)).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_NAME', where: `createTrainer, option ${option}` }),
    );
  });

  test('hands every option to the factory, which throws for those it lacks', () => {
    expect(() => createTrainer(model(), { optimizer: { name: 'adam', beta3: 1 } })).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_OPTION' }),
    );
  });
});
