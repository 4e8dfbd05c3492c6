import { testOptions } from '@cellstate/testing';
import * as doors from '../src/index.ts';

testOptions(doors, {
  subjects: {},
  without: [
    'CellstateError',
    'checkOptions',
    'concat',
    'describe',
    'isNdArray',
    'ndarray',
    'nearest',
    'random',
    'sameShape',
    'size',
    'splitSeed',
    'stack',
  ],
});
