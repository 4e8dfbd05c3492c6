import type { ContestantChild } from './contestant-child.ts';
import type { Problem } from './problem.ts';

/** How long to measure: steps before the first round, rounds of theirs then ours, and steps in a round. */
export interface Protocol {
  readonly warmUp: Counts;
  readonly rounds: number;
  readonly steps: Counts;
}

interface Counts {
  readonly theirs: number;
  readonly ours: number;
}

export interface Comparison {
  readonly problem: Problem;
  /** Median milliseconds of one step, over all rounds. */
  readonly theirs: number;
  readonly ours: number;
  /** Theirs divided by ours: median over the rounds, and the least and greatest round. */
  readonly ratio: { readonly median: number; readonly least: number; readonly greatest: number };
  /** The largest difference between their losses at the same step, over the steps both have taken. */
  readonly lossDifference: number;
  readonly comparedSteps: number;
}

/** Trains the same model in both processes, in turns, from the same weights. */
export async function compare(
  { theirs, ours }: { theirs: ContestantChild; ours: ContestantChild },
  { problem, protocol }: { problem: Problem; protocol: Protocol },
): Promise<Comparison> {
  await theirs.prepare(problem);
  await ours.prepare(problem);
  const losses = {
    theirs: [...(await theirs.run(protocol.warmUp.theirs)).losses],
    ours: [...(await ours.run(protocol.warmUp.ours)).losses],
  };
  const rounds: { theirs: number[]; ours: number[] }[] = [];
  for (let round = 0; round < protocol.rounds; round++) {
    const a = await theirs.run(protocol.steps.theirs);
    const b = await ours.run(protocol.steps.ours);
    losses.theirs.push(...a.losses);
    losses.ours.push(...b.losses);
    rounds.push({ theirs: [...a.milliseconds], ours: [...b.milliseconds] });
  }
  const ratios = rounds.map((round) => median(round.theirs) / median(round.ours));
  const comparedSteps = Math.min(losses.theirs.length, losses.ours.length);
  const differences = losses.theirs.slice(0, comparedSteps).map((loss, i) => Math.abs(loss - (losses.ours[i] as number)));
  return {
    problem,
    theirs: median(rounds.flatMap((round) => round.theirs)),
    ours: median(rounds.flatMap((round) => round.ours)),
    ratio: { median: median(ratios), least: Math.min(...ratios), greatest: Math.max(...ratios) },
    // A loss that is no number differs from everything.
    lossDifference: differences.some(Number.isNaN) ? Number.POSITIVE_INFINITY : Math.max(...differences),
    comparedSteps,
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}
