import { expect, test } from 'vitest';
import { coverageReport, kerasFixtures, optionCoverage } from '../src/index.ts';

const fixtures = kerasFixtures();
const coverage = optionCoverage(fixtures);

test('every value of every option is in at least five fixtures', () => {
  expect(coverage.values.length).toBeGreaterThan(1500);
  expect(coverage.values.filter(({ fixtures }) => fixtures < 5)).toEqual([]);
});

test('every pair of values of recurrent options is in a fixture', () => {
  expect(coverage.pairs.all).toBeGreaterThan(5000);
  expect(coverage.pairs.missing).toEqual([]);
});

test('what is taken away is missed', () => {
  const without = optionCoverage({ ...fixtures, windows: fixtures.windows.slice(0, 4), layers: fixtures.layers.slice(0, 20) });
  const padding = without.values.find(
    ({ factory, option, value }) => factory === 'padSequences' && option === 'dtype' && value === '"float32"',
  );
  expect(padding?.fixtures).toBeLessThan(5);
  expect(without.pairs.missing.length).toBeGreaterThan(100);
  expect(coverageReport(without, 5)).toMatch(/\n\d+ of \d+ values in at least 5 fixtures; \d+ of \d+ pairs of recurrent options in one$/);
});
