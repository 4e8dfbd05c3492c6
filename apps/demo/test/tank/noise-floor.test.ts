import { describe, expect, it } from 'vitest';
import { bestForecast } from '../../src/tank/noise-floor.ts';
import { SENSOR_NOISE, simulateTanks } from '../../src/tank/tank-physics.ts';

const DAYS = 60;
const depot = simulateTanks({ seed: 11, tanks: 6, days: DAYS });

/** Root mean squared error over every origin, per feature. */
function error(horizon: number, forecast: (tank: number, origin: number) => readonly number[]): number[] {
  const sums = [0, 0];
  let count = 0;
  for (const [tank, { readings }] of depot.entries()) {
    for (let origin = 24; origin + horizon < DAYS * 24; origin += 5) {
      const row = forecast(tank, origin);
      for (const feature of [0, 1]) sums[feature]! += (row[feature]! - readings[origin + horizon]![feature]!) ** 2;
      count += 1;
    }
  }
  return sums.map((sum) => Math.sqrt(sum / count));
}

describe('bestForecast', () => {
  const floor = (horizon: number) => error(horizon, (tank, origin) => bestForecast(depot[tank]!, { origin, steps: horizon }).at(-1)!);

  it.each([1, 6, 24])('at %i h lies above the sensor noise and below every naive rule', (horizon) => {
    const best = floor(horizon);
    const persistence = error(horizon, (tank, origin) => depot[tank]!.readings[origin]!);
    const sameHour = error(horizon, (tank, origin) => depot[tank]!.readings[origin + horizon - 24]!);
    for (const [feature, noise] of [SENSOR_NOISE.pressure, SENSOR_NOISE.temperature].entries()) {
      expect(best[feature]).toBeGreaterThan(noise * 0.97);
      expect(best[feature]).toBeLessThan(0.9 * Math.min(persistence[feature]!, sameHour[feature]!));
    }
  });

  it('has no bias: a shift to either side makes it worse', () => {
    const best = floor(24);
    for (const shift of [-0.3, 0.3]) {
      const shifted = error(24, (tank, origin) =>
        bestForecast(depot[tank]!, { origin, steps: 24 })
          .at(-1)!
          .map((value) => value + shift),
      );
      for (const feature of [0, 1]) expect(best[feature]).toBeLessThan(shifted[feature]!);
    }
  });

  it('knows the state at the origin: one hour ahead is little more than the sensor noise', () => {
    const [ofPressure, ofTemperature] = floor(1);
    expect(ofPressure).toBeLessThan(1.1 * SENSOR_NOISE.pressure);
    expect(ofTemperature).toBeLessThan(1.15 * SENSOR_NOISE.temperature);
  });
});
