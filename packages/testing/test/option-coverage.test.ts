import { expect, test } from 'vitest';
import { coverageReport, kerasFixtures, optionCoverage } from '../src/index.ts';

/** In so many fixtures at least is every value of every option. */
const LEAST = 5;

const coverage = optionCoverage(kerasFixtures());

test(`every value of every option is in ${LEAST} fixtures, and every pair of recurrent options in one`, () => {
  const report = coverageReport(coverage, LEAST);
  expect(report.split('\n').filter((line) => line.startsWith('lacking'))).toEqual([]);
  expect(report).toMatch(/\n(\d+) of \1 values in at least 5 fixtures; (\d+) of \2 pairs of recurrent options in one$/);
});

test('the report names what is lacking', () => {
  // Trainings hold recurrent layers, too.
  const bare = optionCoverage({ ...kerasFixtures(), layers: [], training: [] });
  expect(bare.pairs.missing.length).toBe(bare.pairs.all);
  expect(coverageReport(bare, LEAST)).toContain('lacking: gru, resetAfter: false is in 0');
  expect(coverageReport(bare, LEAST)).toContain('lacking: lstm: trainable false with unroll true');
});
