import { random } from '@cellstate/core';
import { type FittedScaler, series, standardScaler } from '@cellstate/windowing';
import type { PlainWeight } from '../parallel/plain-weights.ts';
import type { JobContext } from '../parallel/report.ts';
import { type HuntDays, type Judge, openHunt } from './leak-hunt.ts';
import { TANKS } from './tank-data.ts';
import { HOURS_A_DAY, simulateTanks, type TankRecord } from './tank-physics.ts';

export const LEAK_DAYS: HuntDays = { train: 18, normal: 14, watch: 12 };
/** How far the pressure of the leaking tank falls in a day, in standard deviations of its sensor. */
export const LEAK_NOISE_A_DAY = 1;

export interface LeakTask {
  readonly seed: number;
  readonly epochs: number;
}

/** What one way to rebuild days made of the leak and of the same depot without one. */
export interface LeakVerdict {
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
}

export interface LeakOutcome {
  readonly leakingTank: number;
  readonly autoencoder: LeakVerdict;
  readonly averageDay: LeakVerdict;
  readonly losses: readonly number[];
  /** What the autoencoder has learnt, in Keras' order. */
  readonly weights: readonly PlainWeight[];
}

/** Learns normal days, fixes the threshold on further normal days, and watches further days with a leak and without. */
export async function leakSeed({ seed, epochs }: LeakTask, { report, backup }: JobContext): Promise<LeakOutcome> {
  const leakingTank = random(seed).split('leaking tank').integer(TANKS);
  const fromHour = (LEAK_DAYS.train + LEAK_DAYS.normal) * HOURS_A_DAY;
  const depot = { seed, tanks: TANKS, days: LEAK_DAYS.train + LEAK_DAYS.normal + LEAK_DAYS.watch };
  const tight = simulateTanks(depot);
  const leaking = simulateTanks({ ...depot, leak: { tank: leakingTank, fromHour, noiseADay: LEAK_NOISE_A_DAY } });
  const scalers = tight.map(({ readings }) => standardScaler().fit(series(readings.slice(0, LEAK_DAYS.train * HOURS_A_DAY))));
  const scaled = (records: readonly TankRecord[]) =>
    records.map(({ readings }, tank) => (scalers[tank] as FittedScaler).transform(series(readings)));

  const hunt = await openHunt(scaled(tight), {
    days: LEAK_DAYS,
    judged: 1,
    seed,
    epochs,
    backup,
    onEpoch: (done) => report(done / epochs),
  });
  const verdict = async ({ threshold, judge }: Judge): Promise<LeakVerdict> => {
    const [watched, control] = [await judge(scaled(leaking)), await judge(scaled(tight))];
    const place = watched.ranking.findIndex(({ series: tank }) => tank === leakingTank);
    const alarm = watched.ranking[place]?.firstAlarm ?? null;
    return {
      rank: 1 + place,
      alarmDay: alarm === null ? null : alarm + 1,
      falseAlarms: watched.ranking.filter(({ series: tank, alarms }) => tank !== leakingTank && alarms > 0).length,
      controlAlarms: control.ranking.filter(({ alarms }) => alarms > 0).length,
      threshold,
      scores: watched.scores.toNested() as number[][],
      controlScores: control.scores.toNested() as number[][],
    };
  };
  const outcome = {
    leakingTank,
    autoencoder: await verdict(hunt.autoencoder),
    averageDay: await verdict(hunt.averageDay),
    losses: hunt.losses,
    weights: hunt.weights,
  };
  hunt.dispose();
  return outcome;
}
