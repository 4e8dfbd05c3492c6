import { CellstateError } from '@cellstate/core';
import { optionValues } from '@cellstate/testing';
import { expect, test } from 'vitest';
import * as trainers from '../src/index.ts';

const factories = optionValues().filter(({ factory }) => factory in trainers);

/** What only says what is watched and printed. */
const WORDS = ['monitor', 'verbose'];

/** The options a factory knows, by its own words. */
function knownOptions(factory: string): string[] {
  try {
    (trainers as unknown as Record<string, (options: object) => unknown>)[factory]({ '?': 1 });
  } catch (error) {
    if (error instanceof CellstateError && error.code === 'UNKNOWN_OPTION')
      return (error.expected ?? '').replace('one of ', '').split(', ');
    throw error;
  }
  throw new Error(`${factory} takes an unknown option.`);
}

test('fixtures are to hold every option of every optimizer, schedule, loss and deciding callback', () => {
  expect(factories.length).toBe(32);
  for (const { factory, options } of factories) {
    expect([factory, Object.keys(options).sort()]).toEqual([
      factory,
      knownOptions(factory)
        .filter((option) => !WORDS.includes(option))
        .sort(),
    ]);
  }
});
