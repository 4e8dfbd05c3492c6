import { fileURLToPath } from 'node:url';
import { testRefusals } from '@cellstate/testing';
import { checkOptions, concat, ndarray, random, stack } from '../src/index.ts';

const anything = (value: unknown) => value as never;
const square = ndarray([
  [1, 2],
  [3, 4],
]);

testRefusals(
  [
    ['options that are a list', () => checkOptions([], ['units'], 'lstm')],
    ['options that are a number', () => checkOptions(anything(3), ['units'], 'lstm')],
    ['an option that is misspelt', () => checkOptions({ unit: 4 }, ['units', 'activation'], 'lstm')],
    ['two options that nothing resembles', () => checkOptions({ colour: 1, flavour: 2 }, ['units'], 'lstm')],
    ['an option where there are none', () => checkOptions({ colour: 1 }, [], 'ping')],
    ['rows of different lengths', () => ndarray([[1, 2], [3]])],
    ['a number among rows', () => ndarray(anything([[1], 2]))],
    ['a row among numbers', () => ndarray(anything([1, [2]]))],
    ['a text among numbers', () => ndarray(anything([[1], ['two']]))],
    ['an object among numbers', () => ndarray(anything([1, new Date(0)]))],
    ['values that do not fill the shape', () => ndarray(Float32Array.of(1, 2, 3), [2, 2])],
    ['a shape of fractions', () => ndarray(Float32Array.of(1), [0.5, 2])],
    ['too few indices', () => square.at(1)],
    ['an index behind the end', () => square.at(0, 2)],
    ['more ranges than axes', () => square.slice([null, null, null])],
    ['a range with a fraction', () => square.slice([null, [0.5, 1]])],
    ['a shape for more values than there are', () => square.reshape([3, -1])],
    ['nothing to join', () => concat([])],
    ['joined along an axis that is not there', () => concat([square], 2)],
    ['joined scalars', () => concat([ndarray(1)])],
    ['joined shapes that differ', () => concat([square, ndarray([[1]])])],
    ['joined kinds of numbers', () => concat([square, ndarray(Int32Array.of(1, 2), [1, 2])])],
    ['stacked shapes that differ', () => stack([square, ndarray([1])])],
    ['a seed with a fraction', () => random(0.5)],
    ['a random integer without a bound', () => random(1).integer(0)],
    ['a permutation of minus one', () => random(1).permutation(-1)],
  ],
  { sources: fileURLToPath(new URL('../src', import.meta.url)), texts: 'errors.txt' },
);
