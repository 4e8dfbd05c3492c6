import { type Config, dense, lambda, lstm, sequential } from '@cellstate/layers';
import { testOptions } from '@cellstate/testing';
import type * as tf from '@tensorflow/tfjs-core';
import { beforeAll } from 'vitest';
import * as doors from '../src/index.ts';

const row = () => sequential([lstm({ units: 2, inputShape: [3, 2] }), dense({ units: 1, name: 'out' })]);
const compileConfig = { optimizer: 'adam', loss: 'meanSquaredError' };
let file: Uint8Array;
beforeAll(async () => {
  file = await doors.saveModel(row(), undefined, { compileConfig });
});

const customLayers = {
  Dense: ({ name }: Config) => lambda({ name: String(name), function: (x) => x as tf.Tensor }),
};

testOptions(doors, {
  subjects: {
    loadModel: {
      make: (options) => doors.loadModel(file, options),
      async observe(options) {
        const model = await doors.loadModel(file, options);
        const seen = JSON.stringify([model.layers.map(({ className }) => className), model.compileConfig]);
        model.dispose();
        return seen;
      },
      // Without its dense layer's parameters the model does not fit the weights in the file, which says so.
      changes: () => ({ customLayers, compile: false, maxBytes: 100 }),
    },
    loadWeights: {
      make: (options) => doors.loadWeights(row(), file, options),
      async observe(options) {
        const model = row();
        await doors.loadWeights(model, file, options);
        return JSON.stringify(model.getWeights().map(({ data }) => [...data]));
      },
      changes: () => ({ maxBytes: 100 }),
    },
    saveModel: {
      make: (options) => doors.saveModel(row(), undefined, options),
      observe: async (options) => JSON.stringify(Array.from(await doors.saveModel(row(), undefined, options))),
      changes: () => ({ compileConfig }),
    },
  },
  without: ['saveWeights'],
});
