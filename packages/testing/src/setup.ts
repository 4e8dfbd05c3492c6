import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { toBeAllClose } from './to-be-all-close.ts';

// Silences the banner that tfjs prints in Node, and lets its engine check every kernel for leaked data. It also takes what
// the function of a tf.customGrad saves beside its inputs and its result for a leak, as in tf.losses.softmaxCrossEntropy.
tf.env().set('IS_TEST', true);
await tf.setBackend('cpu');
expect.extend({ toBeAllClose });
