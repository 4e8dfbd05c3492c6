import { trainReturns } from '../stock/train-returns.ts';
import { trainTutorial } from '../stock/train-tutorial.ts';
import { forecastSeed } from '../tank/forecast-seed.ts';
import { leakSeed } from '../tank/leak-seed.ts';
import { windowsSeed } from '../tank/windows-seed.ts';
import type { JobContext } from './report.ts';

/**
 * The trainings that can run in a thread of their own, by name. A job is a pure function of plain data: what goes in and what
 * comes out is copied from thread to thread.
 */
export const JOBS = {
  'tank forecast': forecastSeed,
  'tank leak': leakSeed,
  'tank windows': windowsSeed,
  'stock tutorial': trainTutorial,
  'stock returns': trainReturns,
} as const;

export type JobName = keyof typeof JOBS;
export type JobInput<Name extends JobName> = Parameters<(typeof JOBS)[Name]>[0];
export type JobOutput<Name extends JobName> = Awaited<ReturnType<(typeof JOBS)[Name]>>;
export type AnyJob = (input: unknown, context: JobContext) => Promise<unknown>;
