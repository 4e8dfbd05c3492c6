import { type FittedScaler, type Series, series, standardScaler } from '@cellstate/windowing';
import { readSeries, type SeriesTable } from '../csv/read-series.ts';
import { type TimeAxis, timeAxis } from '../csv/time-axis.ts';
import type { OwnData } from '../demo-options.ts';
import { HOURS_A_DAY, simulateTanks, type TankRecord } from './tank-physics.ts';

export const TANKS = 8;
const DAYS = 28;
/** The last hours, which no training and no scaler sees. */
export const HELD_OUT = 72;
const FIRST_DAY = '2026-03-02';

/** Readings of several tanks at the same hours. */
export interface TankData {
  readonly features: readonly string[];
  /** The unit of each feature; '' where it is not known. */
  readonly units: readonly string[];
  readonly names: readonly string[];
  /** In the units of the sensors. */
  readonly readings: readonly Series[];
  /** The same, scaled tank by tank by what was fitted on the training part. */
  readonly scaled: readonly Series[];
  readonly scalers: readonly FittedScaler[];
  readonly times: TimeAxis;
  readonly steps: number;
  /** Steps of the training part; those behind it are held out. */
  readonly trainSteps: number;
  /** What the simulation knows; absent for data of one's own. */
  readonly records: readonly TankRecord[] | undefined;
}

/** The simulated tanks of a seed. */
export function simulatedData(seed: number): TankData {
  const records = simulateTanks({ seed, tanks: TANKS, days: DAYS });
  const labels = Array.from({ length: DAYS * HOURS_A_DAY }, (_, hour) => hourLabel(hour));
  const times = timeAxis(labels, { calendar: 'even', lines: labels.map((_, line) => line), where: 'simulation' });
  const rows = records.map(({ readings }) => readings);
  return {
    ...prepared(rows, { features: ['pressure', 'temperature'], heldOut: HELD_OUT }),
    names: records.map(({ build }) => build.name),
    units: ['kPa', '°C'],
    times,
    records,
  };
}

/** The reader's own readings. */
export async function ownTankData(own: OwnData): Promise<TankData> {
  const { features, series: list }: SeriesTable = await readSeries(own, { minimumSteps: 5 * HOURS_A_DAY, calendar: 'even' });
  const steps = list[0]?.rows.length as number;
  const rows = list.map((item) => item.rows);
  return {
    ...prepared(rows, { features, heldOut: Math.min(HELD_OUT, Math.floor(steps / 5)) }),
    names: list.map(({ name }) => name),
    units: features.map(() => ''),
    times: (list[0] as (typeof list)[number]).times,
    records: undefined,
  };
}

/** Series and their scalers, fitted tank by tank on everything before the held-out steps. */
export function prepared(
  rows: readonly (readonly (readonly number[])[])[],
  { features, heldOut }: { features: readonly string[]; heldOut: number },
) {
  const readings = rows.map((item) => series(item, { names: features }));
  const steps = (readings[0] as Series).steps;
  const trainSteps = steps - heldOut;
  const scalers = readings.map((item) => standardScaler().fit(item.rows(0, trainSteps)));
  const scaled = readings.map((item, tank) => (scalers[tank] as FittedScaler).transform(item));
  return { features, readings, scaled, scalers, steps, trainSteps };
}

function hourLabel(hour: number): string {
  return new Date(Date.parse(`${FIRST_DAY}T00:00Z`) + hour * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
}
