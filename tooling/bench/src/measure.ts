import type { ContestantChild } from './contestant-child.ts';
import type { Entry } from './entries.ts';
import { median, quantile } from './statistics.ts';
import type { Task } from './task.ts';

/** How long to measure. All in milliseconds but the rounds. */
export interface Protocol {
  /** What a contestant runs before the first round. */
  readonly warmUp: number;
  readonly rounds: number;
  /** A contestant's turn in a round, at least one step. */
  readonly turn: number;
  /** A contestant whose step is so slow that its rounds would take longer than this takes part in fewer. */
  readonly patience: number;
  /** Steps of a stream, over all rounds. */
  readonly streamSteps: number;
}

/** What one contestant did in one task. */
export interface Measurement {
  readonly entry: Entry;
  /** Median milliseconds of a step over all rounds. */
  readonly step: number;
  /** The 99th percentile. */
  readonly slowest: number;
  readonly rounds: number;
  readonly steps: number;
  /** Its time divided by the first contestant's: median over the rounds, least and greatest. */
  readonly ratio: { readonly median: number; readonly least: number; readonly greatest: number };
  /** The largest difference from the first contestant's value at the same step; null where the mathematics is another. */
  readonly difference: number | null;
}

const MOST_STEPS_A_TURN = 5000;
const PAUSE = 20;

interface Turns {
  readonly child: ContestantChild;
  /** Median milliseconds of each round, every step, and every value from the first step of the warm-up on. */
  readonly medians: number[];
  readonly milliseconds: number[];
  readonly values: number[];
  stepsATurn: number;
  rounds: number;
}

/**
 * Runs a task on all contestants in turns, A B C A B C …, from the same weights. The first is what the others are compared
 * with.
 */
export async function measure(
  children: readonly ContestantChild[],
  { task, protocol, onTurn }: { task: Task; protocol: Protocol; onTurn(entry: Entry, round: number): void },
): Promise<readonly Measurement[]> {
  const all: Turns[] = [];
  for (const child of children) {
    onTurn(child.entry, 0);
    await child.prepare(task);
    all.push(await warmUp(child, { task, protocol }));
  }
  for (let round = 0; round < protocol.rounds; round++) {
    for (const turns of all) {
      if (round >= turns.rounds) continue;
      onTurn(turns.child.entry, round + 1);
      // Threads of the one before may still be waiting for more work.
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      const ran = await turns.child.run(turns.stepsATurn);
      turns.medians.push(median(ran.milliseconds));
      turns.milliseconds.push(...ran.milliseconds);
      turns.values.push(...ran.values);
    }
  }
  const [first] = all as [Turns];
  return all.map((turns) => summarize(turns, { first, task }));
}

async function warmUp(child: ContestantChild, { task, protocol }: { task: Task; protocol: Protocol }): Promise<Turns> {
  const values: number[] = [];
  let spent = 0;
  let steps = 1;
  let step = Number.POSITIVE_INFINITY;
  do {
    const ran = await child.run(steps);
    values.push(...ran.values);
    step = Math.min(step, median(ran.milliseconds));
    spent += ran.milliseconds.reduce((sum, time) => sum + time, 0);
    steps = clamp((protocol.warmUp - spent) / step, 1, Math.min(MOST_STEPS_A_TURN, 2 * steps));
  } while (spent < protocol.warmUp);
  const turn = task.work === 'stream' && step < 1 ? protocol.streamSteps / protocol.rounds : protocol.turn / step;
  const stepsATurn = clamp(turn, 1, task.work === 'stream' ? protocol.streamSteps : MOST_STEPS_A_TURN);
  const rounds = clamp(protocol.patience / (stepsATurn * step), 1, protocol.rounds);
  return { child, medians: [], milliseconds: [], values, stepsATurn, rounds };
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, Math.round(value)));
}

function summarize({ child, medians, milliseconds, values, rounds }: Turns, { first, task }: { first: Turns; task: Task }): Measurement {
  const ratios = medians.map((time, round) => time / (first.medians[round] ?? median(first.medians)));
  return {
    entry: child.entry,
    step: median(milliseconds),
    slowest: quantile(milliseconds, 0.99),
    rounds,
    steps: milliseconds.length,
    ratio: { median: median(ratios), least: Math.min(...ratios), greatest: Math.max(...ratios) },
    difference: child.entry.sameMaths(task) ? largestDifference(values, first.values) : null,
  };
}

/** Over the steps both have taken; a value that is no number differs from everything. */
function largestDifference(a: readonly number[], b: readonly number[]): number {
  const steps = Math.min(a.length, b.length);
  let largest = 0;
  for (let i = 0; i < steps; i++) {
    const difference = Math.abs((a[i] as number) - (b[i] as number));
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return largest;
}
