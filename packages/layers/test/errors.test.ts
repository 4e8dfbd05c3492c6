import { fileURLToPath } from 'node:url';
import { testRefusals } from '@cellstate/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll } from 'vitest';
import { FACTORY_REFUSALS, GRAPH_REFUSALS } from './refusals/layer-refusals.ts';
import { MAKING_REFUSALS, pushWithoutSynchronousReads, RUNNING_REFUSALS } from './refusals/model-refusals.ts';

beforeAll(() => tf.engine().startScope());
afterAll(() => tf.engine().endScope());

testRefusals(
  [
    ...FACTORY_REFUSALS,
    ...GRAPH_REFUSALS,
    ...MAKING_REFUSALS,
    ...RUNNING_REFUSALS,
    ['a push on an engine that cannot read at once', pushWithoutSynchronousReads],
  ],
  { sources: fileURLToPath(new URL('../src', import.meta.url)), texts: 'errors.txt' },
);
