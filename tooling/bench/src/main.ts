import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SingleBar } from 'cli-progress';
import { withClaim } from './claim.ts';
import { HELP, list, readCommandLine, type Settings } from './command-line.ts';
import { type ContestantChild, startContestant } from './contestant-child.ts';
import { machine } from './machine.ts';
import { markdown } from './markdown.ts';
import { measure, type Protocol } from './measure.ts';
import { type MemoryUse, measureMemory } from './memory.ts';
import { ROOT } from './places.ts';
import { disagreements, LARGEST_DIFFERENCE, type Results, type TaskResult } from './results.ts';
import { CURVE_ENTRIES, CURVES, type MeasuredCurve, measureCurve } from './scaling.ts';
import { TASKS, type Task } from './task.ts';
import { curveTable, goalTable, memoryTable, taskTable } from './terminal.ts';

const USUAL: Protocol = { warmUp: 1000, rounds: 5, turn: 200, patience: 4000, streamSteps: 100_000 };
const QUICK: Protocol = { warmUp: 500, rounds: 3, turn: 120, patience: 2000, streamSteps: 20_000 };
const THOROUGH: Protocol = { warmUp: 2000, rounds: 9, turn: 500, patience: 25_000, streamSteps: 100_000 };
const CURVE: Protocol = { warmUp: 800, rounds: 5, turn: 300, patience: 8000, streamSteps: 0 };

const MEMORY_STEPS = 20;
const MEMORY_TASKS = ['lstm-32x50x2x32', 'lstm-64x100x8x256'];
/** Half an hour for one figure is not worth it. */
const TOO_SLOW_FOR_MEMORY = ['brain.js', 'tfjs-layers-cpu'];

async function main(): Promise<number> {
  const settings = readCommandLine(process.argv.slice(2));
  if (settings.show !== null) {
    console.log(settings.show === 'help' ? HELP : list());
    return 0;
  }
  const where = machine();
  console.log(where);
  const { children, absent } = await startAll(settings);
  try {
    if (children.length === 0 || (settings.requireAll && absent > 0)) return 1;
    const results = await measureAll(children, { settings, where });
    console.log(goalTable(results.tasks));
    if (settings.write) {
      writeFileSync(path.join(ROOT, 'BENCHMARKS.md'), markdown(results));
      const readme = path.join(ROOT, 'README.md');
      const claimed = withClaim(readFileSync(readme, 'utf8'), results);
      if (claimed !== undefined) writeFileSync(readme, claimed);
      console.log(`\nWritten to BENCHMARKS.md${claimed === undefined ? '' : ' and README.md'}.`);
    }
    const wrong = disagreements(results.tasks);
    for (const line of wrong) console.error(`\nMore than ${LARGEST_DIFFERENCE} apart from the first line's values: ${line}`);
    return wrong.length === 0 ? 0 : 1;
  } finally {
    for (const child of children) child.stop();
  }
}

async function startAll({ entries }: Settings): Promise<{ children: readonly ContestantChild[]; absent: number }> {
  const children: ContestantChild[] = [];
  for (const entry of entries) {
    const started = await startContestant(entry);
    if ('why' in started) console.log(`  left out: ${entry.title} (${started.why})`);
    else {
      children.push(started);
      console.log(`  ${entry.title}: ${started.version}`);
    }
  }
  const absent = entries.length - children.length;
  if (absent > 0) console.log('  pnpm bench:install installs the peers.');
  return { children, absent };
}

async function measureAll(
  children: readonly ContestantChild[],
  { settings, where }: { settings: Settings; where: string },
): Promise<Results> {
  const tasks: TaskResult[] = [];
  const protocol = settings.quick ? QUICK : settings.full ? THOROUGH : USUAL;
  for (const task of settings.tasks) {
    const taking = children.filter(({ entry }) => entry.does(task));
    if (taking.length === 0) continue;
    const measurements = await withBar({ title: task.title, turns: taking.length * (protocol.rounds + 1) }, (advance) =>
      measure(taking, { task, protocol, onTurn: (entry) => advance(entry.title) }),
    );
    tasks.push({ task, measurements });
    console.log(taskTable({ task, measurements }));
  }
  return {
    command: ['pnpm bench', ...process.argv.slice(2)].join(' '),
    machine: where,
    versions: children,
    tasks,
    ...(settings.full ? await measureGrowth(children) : { curves: [], memory: [] }),
  };
}

async function measureGrowth(children: readonly ContestantChild[]): Promise<Pick<Results, 'curves' | 'memory'>> {
  const chosen = children.filter(({ entry }) => CURVE_ENTRIES.includes(entry.name));
  const curves: MeasuredCurve[] = [];
  for (const curve of CURVES) {
    const measured = await withBar({ title: curve.title, turns: curve.tasks.length }, (advance) =>
      measureCurve(curve, { children: chosen, protocol: CURVE, onTask: (task) => advance(task.name) }),
    );
    curves.push(measured);
    console.log(curveTable(measured));
  }
  const memory: { task: Task; steps: number; uses: MemoryUse[] }[] = [];
  for (const task of TASKS.filter(({ name }) => MEMORY_TASKS.includes(name))) {
    const entries = children.map(({ entry }) => entry).filter((entry) => entry.does(task) && !TOO_SLOW_FOR_MEMORY.includes(entry.name));
    const uses: MemoryUse[] = [];
    await withBar({ title: 'Peak memory', turns: entries.length }, async (advance) => {
      for (const entry of entries) {
        advance(entry.title);
        const use = await measureMemory(entry, { task, steps: MEMORY_STEPS });
        if (use !== null) uses.push(use);
      }
    });
    memory.push({ task, steps: MEMORY_STEPS, uses });
    console.log(memoryTable({ task, steps: MEMORY_STEPS }, uses));
  }
  return { curves, memory };
}

/** Shows a bar while something runs, where a terminal is. */
async function withBar<T>(
  { title, turns }: { title: string; turns: number },
  run: (advance: (what: string) => void) => Promise<T>,
): Promise<T> {
  const bar = new SingleBar({ format: '{bar} {percentage} % {what}', barsize: 20, clearOnComplete: true, noTTYOutput: false });
  if (process.stdout.isTTY) bar.start(turns, 0, { what: title });
  try {
    return await run((what) => bar.increment(1, { what }));
  } finally {
    bar.stop();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
