import { random } from '@cellstate/core';
import { type FittedScaler, series, standardScaler } from '@cellstate/windowing';
import type { Report } from '../parallel/report.ts';
import { type HuntDays, openHunt } from './leak-hunt.ts';
import { TANKS } from './tank-data.ts';
import { HOURS_A_DAY, simulateTanks, type TankRecord } from './tank-physics.ts';

export const LEAK_DAYS: HuntDays = { train: 18, normal: 14, watch: 12 };
/** How far the pressure of the leaking tank falls in a day, in standard deviations of its sensor. */
export const LEAK_NOISE_A_DAY = 1;

export interface LeakTask {
  readonly seed: number;
  readonly epochs: number;
}

/** One hunt for a leak, beside the same depot without one. */
export interface LeakOutcome {
  readonly leakingTank: number;
  /** The place of the leaking tank when all are sorted by their mean score over the watch, 1 for the strangest. */
  readonly rank: number;
  /** Day of the watch, from 1, on which the leaking tank raised its alarm; null: never. */
  readonly alarmDay: number | null;
  /** Other tanks of the depot that raised an alarm, and tanks of the control that did. */
  readonly falseAlarms: number;
  readonly controlAlarms: number;
  readonly threshold: number;
  /** Score by tank and day of the watch. */
  readonly scores: readonly (readonly number[])[];
  readonly controlScores: readonly (readonly number[])[];
  readonly losses: readonly number[];
}

/** Learns normal days, fixes the threshold on further normal days, and watches further days with a leak and without. */
export async function leakSeed({ seed, epochs }: LeakTask, report: Report): Promise<LeakOutcome> {
  const leakingTank = random(seed).split('leaking tank').integer(TANKS);
  const fromHour = (LEAK_DAYS.train + LEAK_DAYS.normal) * HOURS_A_DAY;
  const depot = { seed, tanks: TANKS, days: LEAK_DAYS.train + LEAK_DAYS.normal + LEAK_DAYS.watch };
  const tight = simulateTanks(depot);
  const leaking = simulateTanks({ ...depot, leak: { tank: leakingTank, fromHour, noiseADay: LEAK_NOISE_A_DAY } });
  const scalers = tight.map(({ readings }) => standardScaler().fit(series(readings.slice(0, LEAK_DAYS.train * HOURS_A_DAY))));
  const scaled = (records: readonly TankRecord[]) =>
    records.map(({ readings }, tank) => (scalers[tank] as FittedScaler).transform(series(readings)));

  const hunt = await openHunt(scaled(tight), { days: LEAK_DAYS, judged: 1, seed, epochs, onEpoch: (done) => report(done / epochs) });
  const [watched, control] = [await hunt.judge(scaled(leaking)), await hunt.judge(scaled(tight))];
  hunt.dispose();
  const alarming = (judged: typeof watched) => judged.ranking.filter(({ alarms }) => alarms > 0);
  const alarm = watched.ranking.find(({ series: tank }) => tank === leakingTank)?.firstAlarm ?? null;
  return {
    leakingTank,
    rank: 1 + watched.ranking.findIndex(({ series: tank }) => tank === leakingTank),
    alarmDay: alarm === null ? null : alarm + 1,
    falseAlarms: alarming(watched).filter(({ series: tank }) => tank !== leakingTank).length,
    controlAlarms: alarming(control).length,
    threshold: hunt.threshold,
    scores: watched.scores.toNested() as number[][],
    controlScores: control.scores.toNested() as number[][],
    losses: hunt.losses,
  };
}
