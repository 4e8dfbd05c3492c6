import { parseArgs } from 'node:util';
import { ENTRIES, type Entry } from './entries.ts';
import { DEFAULT_TASKS, QUICK_TASKS, TASKS, type Task } from './task.ts';

export const HELP = `Usage: pnpm bench [options]

Times training, forward passes and streaming in Cellstate and its peers, each in
a process of its own, in turns, from the same weights, after a warm-up. A peer
that is not installed is left out with a line; pnpm bench:install installs all.

Columns: median time of a step; that time divided by the first line's (median
over the rounds); the least and greatest round; the largest difference between
their losses or outputs at the same step.

  --quick         two small models and streaming, fewer rounds
  --full          every task, the scaling curves and the memory (40 minutes)
  --only <names>  these tasks and contestants alone, separated by commas; if no
                  task (or no contestant) is named, all the usual ones
  --list          the names of tasks and contestants
  --write         write BENCHMARKS.md, and the README's claim if all is measured
                  that it is about
  --require-all   fail when a contestant is missing
  --help          this text

Exit code 1 when values differ by more than 1e-4 where the mathematics is the
same, or with --require-all when a contestant is missing.`;

/** What the command line asks for. */
export interface Settings {
  readonly tasks: readonly Task[];
  readonly entries: readonly Entry[];
  readonly quick: boolean;
  readonly full: boolean;
  readonly write: boolean;
  readonly requireAll: boolean;
  readonly show: 'help' | 'list' | null;
}

/** Reads the command line; throws on options and names there are not. */
export function readCommandLine(args: readonly string[]): Settings {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: flag,
      full: flag,
      write: flag,
      list: flag,
      help: flag,
      'require-all': flag,
      only: { type: 'string' },
    },
  });
  const { quick, full } = values;
  if (quick && full) throw new Error('--quick and --full exclude each other.');
  const names = values.only?.split(',').map((name) => name.trim()) ?? [];
  const unknown = names.find((name) => ![...TASKS, ...ENTRIES].some((known) => known.name === name));
  if (unknown !== undefined) throw new Error(`There is no task or contestant '${unknown}'. --list names them.`);
  const usual = quick ? QUICK_TASKS : full ? TASKS : DEFAULT_TASKS;
  return {
    tasks: named(TASKS, { names, usual }),
    entries: named(ENTRIES, { names, usual: ENTRIES }),
    quick,
    full,
    write: values.write,
    requireAll: values['require-all'],
    show: values.help ? 'help' : values.list ? 'list' : null,
  };
}

function named<T extends { readonly name: string }>(
  all: readonly T[],
  { names, usual }: { names: readonly string[]; usual: readonly T[] },
): readonly T[] {
  const chosen = all.filter(({ name }) => names.includes(name));
  return chosen.length === 0 ? usual : chosen;
}

/** The names that `--only` takes. */
export function list(): string {
  const lines = (all: readonly { name: string; title: string }[]) => all.map(({ name, title }) => `  ${name.padEnd(34)}${title}`);
  return ['Tasks:', ...lines(TASKS), '', 'Contestants:', ...lines(ENTRIES)].join('\n');
}
