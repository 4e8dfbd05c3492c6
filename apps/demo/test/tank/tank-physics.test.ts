import { describe, expect, it } from 'vitest';
import {
  demandShare,
  density,
  GRAVITY,
  level,
  massOf,
  nextState,
  pressure,
  refillShare,
  SENSOR_NOISE,
  simulateTanks,
  type TankBuild,
  type TankRecord,
  thermalHours,
} from '../../src/tank/tank-physics.ts';

const build: TankBuild = { name: 'T', area: 100, targetMass: 700_000, dailyDemand: 80_000 };
const depot = simulateTanks({ seed: 3, tanks: 6, days: 40 });

function standardDeviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

describe('nextState', () => {
  it('keeps the mass: what was there, less drawn and leaked, plus filled', () => {
    const hour = { air: 10, arriving: 24, drawn: 5000, filled: 1200, leaked: 30 };
    expect(nextState(build, { mass: 600_000, temperature: 16 }, hour).mass).toBe(596_170);
  });

  it('keeps the heat of what is mixed when the air is as warm as the oil', () => {
    const hour = { air: 16, arriving: 24, drawn: 0, filled: 200_000, leaked: 0 };
    const { temperature } = nextState(build, { mass: 600_000, temperature: 16 }, hour);
    expect(temperature).toBeCloseTo((600_000 * 16 + 200_000 * 24) / 800_000, 12);
  });

  it('eases towards the air, more slowly the wider the tank', () => {
    const hour = { air: 0, arriving: 24, drawn: 0, filled: 0, leaked: 0 };
    const [narrow, wide] = [1, 2].map((radius) => ({ ...build, area: Math.PI * radius ** 2 })) as [TankBuild, TankBuild];
    // density · radius · heat of oil / (2 · heat through the wall), in hours
    expect(thermalHours(narrow)).toBeCloseTo((850 * 1 * 2000) / (2 * 22 * 3600), 10);
    expect(thermalHours(wide)).toBeCloseTo(2 * thermalHours(narrow), 10);
    const { temperature } = nextState(narrow, { mass: 20_000, temperature: 20 }, hour);
    expect(temperature).toBeCloseTo(20 * Math.exp(-1 / thermalHours(narrow)), 12);
  });
});

describe('pressure', () => {
  it('is level times density times gravity, and so the weight of the oil on its floor', () => {
    const state = { mass: 650_000, temperature: 30 };
    expect(density(30)).toBeCloseTo(850 * (1 - 0.012), 10);
    expect(pressure(build, state)).toBeCloseTo((level(build, state) * density(30) * 9.81) / 1000, 10);
    expect(pressure(build, state)).toBeCloseTo((650_000 * GRAVITY) / 100 / 1000, 10);
    expect(massOf(build, pressure(build, state))).toBeCloseTo(650_000, 6);
  });
});

describe('the schedule', () => {
  it('shares out the whole demand by day and pays all debts by night', () => {
    const hours = Array.from({ length: 24 }, (_, hour) => hour);
    expect(hours.map(demandShare).reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    expect(hours.filter((hour) => demandShare(hour) > 0)).toEqual([6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    expect(hours.filter((hour) => refillShare(hour) > 0)).toEqual([0, 1, 2, 3, 22, 23]);
    expect(refillShare(27)).toBe(1);
  });
});

describe('simulateTanks', () => {
  it('balances the mass of every tank in every hour', () => {
    for (const { states, hours } of depot) {
      for (let hour = 1; hour < states.length; hour++) {
        const { drawn, filled, leaked } = hours[hour]!;
        expect(states[hour]!.mass - states[hour - 1]!.mass).toBeCloseTo(filled - drawn - leaked, 4);
      }
    }
  });

  it('is back at the target after each night, tight tanks only', () => {
    for (const { build: made, states } of depot) {
      for (let hour = 4; hour < states.length; hour += 24) expect(states[hour]!.mass).toBeCloseTo(made.targetMass, 3);
    }
  });

  it('has the noise it states', () => {
    const noise = (feature: 0 | 1, truth: (record: TankRecord, hour: number) => number) =>
      depot.flatMap((record) => record.readings.map((reading, hour) => reading[feature] - truth(record, hour)));
    const ofPressure = noise(0, (record, hour) => pressure(record.build, record.states[hour]!));
    const ofTemperature = noise(1, (record, hour) => record.states[hour]!.temperature);
    expect(standardDeviation(ofPressure) / SENSOR_NOISE.pressure).toBeCloseTo(1, 1);
    expect(standardDeviation(ofTemperature) / SENSOR_NOISE.temperature).toBeCloseTo(1, 1);
  });

  it('has a daily cycle in both features', () => {
    for (const feature of [0, 1] as const) {
      const byHour = Array.from({ length: 24 }, (_, clock) => {
        const values = depot[0]!.readings.filter((_, hour) => hour % 24 === clock).map((reading) => reading[feature]);
        return values.reduce((sum, value) => sum + value, 0) / values.length;
      });
      expect(Math.max(...byHour) - Math.min(...byHour)).toBeGreaterThan(5 * [SENSOR_NOISE.pressure, SENSOR_NOISE.temperature][feature]);
    }
  });

  it('gives the same bits for a seed and others for another', () => {
    const again = simulateTanks({ seed: 3, tanks: 6, days: 40 });
    expect(again).toEqual(depot);
    expect(simulateTanks({ seed: 4, tanks: 6, days: 40 })[0]!.readings[0]).not.toEqual(depot[0]!.readings[0]);
  });

  it('changes by a leak only the leaking tank, from its hour on, by what was asked', () => {
    const leaking = simulateTanks({ seed: 3, tanks: 6, days: 40, leak: { tank: 2, fromHour: 480, noiseADay: 0.5 } });
    for (const index of [0, 1, 3, 4, 5]) expect(leaking[index]).toEqual(depot[index]);
    expect(leaking[2]!.readings.slice(0, 480)).toEqual(depot[2]!.readings.slice(0, 480));
    const fall = (hour: number) => depot[2]!.readings[hour]![0] - leaking[2]!.readings[hour]![0];
    expect(fall(480 + 239)).toBeCloseTo(10 * 0.5 * SENSOR_NOISE.pressure, 6);
  });
});
