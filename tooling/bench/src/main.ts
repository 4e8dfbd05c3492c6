import { parseArgs } from 'node:util';
import { compare, type Protocol } from './compare.ts';
import { startContestant } from './contestant-child.ts';
import type { Problem } from './problem.ts';
import { heading, line } from './report.ts';

const HELP = `Usage: pnpm bench [--quick] [--help]

Times one training step of LSTM(U) → Dense(1) in Cellstate and in tfjs-layers,
both on TensorFlow.js' cpu backend, from the same weights. Each library runs in
a process of its own; they take turns (A B A B …), after a warm-up that takes
both about the same time.

Columns: median milliseconds of a step; how many times faster Cellstate is, the
median over the rounds; the least and greatest round; the largest difference
between their losses at the same step.

  --quick   fewer rounds, without the largest model
  --help    this text

Exit code 1 when the losses differ by more than 1e-4 at any step.`;

const LARGEST_DIFFERENCE = 1e-4;

const MEASUREMENTS: readonly { problem: Problem; protocol: Protocol; quick: Protocol | null }[] = [
  {
    problem: { batch: 1, time: 3, features: 1, units: 4 },
    protocol: { warmUp: { theirs: 1500, ours: 8000 }, rounds: 15, steps: { theirs: 50, ours: 300 } },
    quick: { warmUp: { theirs: 800, ours: 5000 }, rounds: 7, steps: { theirs: 30, ours: 200 } },
  },
  {
    problem: { batch: 32, time: 50, features: 2, units: 32 },
    protocol: { warmUp: { theirs: 10, ours: 60 }, rounds: 9, steps: { theirs: 3, ours: 20 } },
    quick: { warmUp: { theirs: 5, ours: 40 }, rounds: 3, steps: { theirs: 2, ours: 10 } },
  },
  {
    problem: { batch: 32, time: 50, features: 2, units: 128 },
    protocol: { warmUp: { theirs: 2, ours: 6 }, rounds: 5, steps: { theirs: 1, ours: 4 } },
    quick: null,
  },
];

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [theirs, ours] = [startContestant('tfjs-layers'), startContestant('cellstate')];
  let agree = true;
  try {
    const smallest: Problem = { batch: 1, time: 1, features: 1, units: 1 };
    console.log(heading([await theirs.prepare(smallest), await ours.prepare(smallest)]));
    for (const { problem, protocol, quick } of MEASUREMENTS) {
      const chosen = values.quick ? quick : protocol;
      if (chosen === null) continue;
      const comparison = await compare({ theirs, ours }, { problem, protocol: chosen });
      console.log(line(comparison));
      agree &&= comparison.lossDifference <= LARGEST_DIFFERENCE;
    }
  } finally {
    theirs.stop();
    ours.stop();
  }
  if (!agree) console.error(`\nThe losses differ by more than ${LARGEST_DIFFERENCE}: the two do not train the same model.`);
  return agree ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
