import { expectNoLeak } from '@cellstate/testing/tensors';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../src/parallel/start-engine.ts';
import { type ForecastOutcome, forecastSeed } from '../../src/tank/forecast-seed.ts';

const STEPS = 144;
const HELD_OUT = 28;

/** Two series that repeat themselves exactly every 24 steps. */
const rows = [0, 1].map((tank) =>
  Array.from({ length: STEPS }, (_, step) => [50 + 5 * Math.sin((2 * Math.PI * (step + tank)) / 24), tank + (step % 24)]),
);
const task = { seed: 4, epochs: 2, units: [6], own: { rows, features: ['wave', 'saw'], heldOut: HELD_OUT } };

let outcome: ForecastOutcome;
const shares: number[] = [];
beforeAll(async () => {
  await startEngine();
  outcome = await expectNoLeak(() => forecastSeed(task, { report: (share) => shares.push(share), backup: undefined }));
});

describe('forecastSeed', () => {
  it('leaves no tensor, and tells how far it is', () => {
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
  });

  it('measures the rules right: one that repeats the last day makes no error on a series that does', () => {
    for (const row of outcome.errors['seasonal naive 24']!) for (const error of row) expect(error).toBeLessThan(1e-4);
    let sum = 0;
    const origins = Array.from({ length: HELD_OUT - 24 + 1 }, (_, index) => STEPS - HELD_OUT + index);
    for (const origin of origins) for (const tank of rows) sum += (tank[origin]![0]! - tank[origin - 1]![0]!) ** 2;
    expect(outcome.errors.persistence![0]![0]).toBeCloseTo(Math.sqrt(sum / (2 * origins.length)), 4);
  });

  it('forecasts in the units of the readings, the held-out part and what comes after', () => {
    expect(outcome.heldOut.map((tank) => tank.length)).toEqual([HELD_OUT, HELD_OUT]);
    expect(outcome.future.map((tank) => tank.length)).toEqual([72, 72]);
    for (const [wave] of outcome.future.flat()) expect(Math.abs(wave! - 50)).toBeLessThan(15);
    for (const [step, row] of outcome.futureNaive[1]!.entries()) expect(row[1]).toBe(rows[1]![STEPS - 24 + (step % 24)]![1]);
  });

  it('gives the same for the same seed', async () => {
    expect(await forecastSeed(task, { report: () => {}, backup: undefined })).toEqual(outcome);
  });
});
