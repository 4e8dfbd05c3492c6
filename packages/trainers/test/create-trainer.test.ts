import { expectNoLeak } from '@cellstate/testing/tensors';
import { describe, expect, test } from 'vitest';
import { createTrainer, sgd } from '../src/index.ts';
import { leakyModel, linearModel } from './hand-written-models.ts';

describe('fit', () => {
  test('follows gradient descent computed by hand', async () => {
    const model = linearModel();
    const x = [
      [1, 2],
      [3, 4],
      [-1, 0.5],
    ];
    const y = [[1], [2], [-3]];
    const trainer = createTrainer(model, { optimizer: sgd({ learningRate: 0.05 }), loss: 'mse' });
    const { history } = await trainer.fit({ x, y }, { epochs: 4, shuffle: false });
    const kernel = [0.5, -0.25];
    let bias = 0.1;
    const losses: number[] = [];
    for (let epoch = 0; epoch < 4; epoch++) {
      const errors = x.map((row, i) => row[0] * kernel[0] + row[1] * kernel[1] + bias - y[i][0]);
      losses.push(errors.reduce((sum, e) => sum + e * e, 0) / 3);
      const slope = (f: (i: number) => number) => (2 / 3) * errors.reduce((sum, e, i) => sum + e * f(i), 0);
      const [a, b, c] = [slope((i) => x[i][0]), slope((i) => x[i][1]), slope(() => 1)];
      kernel[0] -= 0.05 * a;
      kernel[1] -= 0.05 * b;
      bias -= 0.05 * c;
    }
    expect(history.loss).toBeAllClose(losses);
    expect(model.parameters[0].variable).toBeAllClose({ shape: [2, 1], data: kernel });
    model.dispose();
  });

  test('leaves no tensor', async () => {
    await expectNoLeak(async () => {
      const model = linearModel();
      const trainer = createTrainer(model, { loss: 'mse', metrics: ['mae', 'r2'] });
      await trainer.fit(
        {
          x: [
            [1, 2],
            [3, 4],
            [5, 6],
          ],
          y: [1, 2, 3],
        },
        { epochs: 3, batchSize: 2, validationSplit: 0.4 },
      );
      await trainer.evaluate({ x: [[1, 2]], y: [1] });
      await trainer.predict([[1, 2]]);
      await trainer.trainOnBatch([[1, 2]], [[2]]);
      model.dispose();
    });
    await expectNoLeak(async () => {
      const model = leakyModel();
      const trainer = createTrainer(model, { loss: 'mse' });
      await trainer.fit(
        {
          x: [
            [[1], [2]],
            [[3], [4]],
          ],
          y: [1, 2],
        },
        { epochs: 3, batchSize: 1, validationSplit: 0.5 },
      );
      await trainer.predict([[[1]]]);
      trainer.resetStates({ lanes: [0] });
      trainer.dispose();
      model.dispose();
    });
  });
});
