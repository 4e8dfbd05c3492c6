import { expect, test } from 'vitest';
import { checkOptions } from '../src/check-options.ts';

test('known options, some of them or none at all, pass', () => {
  checkOptions({ units: 4 }, ['units', 'activation'], 'lstm');
  checkOptions({}, ['units'], 'lstm');
  checkOptions(undefined, ['units'], 'lstm');
});

test('an unknown option is refused, even when it is undefined, with the one that was meant', () => {
  expect(() =>
    checkOptions({ units: 4, return_sequences: undefined }, ['units', 'returnSequences'], 'lstm'),
  ).toThrowErrorMatchingInlineSnapshot(`
    [CellstateError: Unknown option 'return_sequences'. [UNKNOWN_OPTION]
      expected: one of units, returnSequences
      received: return_sequences
      where: lstm
      hint: Did you mean 'returnSequences'?]
  `);
});

test('several unknown options are told at once', () => {
  expect(() => checkOptions({ colour: 1, taste: 2 }, ['units'], 'lstm')).toThrowErrorMatchingInlineSnapshot(`
    [CellstateError: Unknown options 'colour', 'taste'. [UNKNOWN_OPTION]
      expected: one of units
      received: colour, taste
      where: lstm]
  `);
});

test('a function without options says so', () => {
  expect(() => checkOptions({ rate: 1 }, [], 'flatten')).toThrow('expected: no options');
});

test.each([
  [null, 'null'],
  [3, '3'],
  ['units', 'units'],
  [[1], 'an array'],
])('%j is no options object', (options, received) => {
  expect(() => checkOptions(options as never, ['units'], 'lstm')).toThrow(expect.objectContaining({ code: 'INVALID_OPTIONS', received }));
});

test('the message says how options are given', () => {
  expect(() => checkOptions(4 as never, ['units'], 'lstm')).toThrowErrorMatchingInlineSnapshot(`
    [CellstateError: Options must be one object. [INVALID_OPTIONS]
      expected: { option: value, … }
      received: 4
      where: lstm]
  `);
});
