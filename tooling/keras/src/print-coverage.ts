import { coverageReport, kerasFixtures, optionCoverage } from '@cellstate/testing';

/** Prints how often the committed fixtures hold each value of each option. */
export function printCoverage(): void {
  console.log(coverageReport(optionCoverage(kerasFixtures()), 5));
}
