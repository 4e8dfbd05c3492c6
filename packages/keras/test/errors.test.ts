import { fileURLToPath } from 'node:url';
import { testRefusals } from '@cellstate/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll } from 'vitest';
import { COMPILE_REFUSALS, GRAPH_REFUSALS, LAYER_REFUSALS } from './refusals/config-refusals.ts';
import { ARCHIVE_REFUSALS, ARGUMENT_REFUSALS, HDF5_REFUSALS } from './refusals/file-refusals.ts';

beforeAll(() => tf.engine().startScope());
afterAll(() => tf.engine().endScope());

testRefusals([...ARGUMENT_REFUSALS, ...ARCHIVE_REFUSALS, ...HDF5_REFUSALS, ...LAYER_REFUSALS, ...GRAPH_REFUSALS, ...COMPILE_REFUSALS], {
  sources: fileURLToPath(new URL('../src', import.meta.url)),
  texts: 'errors.txt',
});
