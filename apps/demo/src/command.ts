import type { Writable } from 'node:stream';
import { CellstateError } from '@cellstate/core';
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { DemoOptions } from './demo-options.ts';
import { runExample } from './example/run-example.ts';
import { EXAMPLES } from './examples.ts';
import { problemLine } from './problem-line.ts';
import { removeBackups } from './resume/run-backups.ts';

export interface CommandStreams {
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
}

interface Flags {
  readonly seed: number;
  readonly epochs?: number;
  readonly out: string;
  readonly quick?: boolean;
  readonly resume?: boolean;
  readonly csv?: string;
  readonly series?: string;
  readonly time?: string;
  readonly features?: readonly string[];
}

/** Runs the command line; resolves to the exit code: 0, or 1 after one line on `stderr` or a check that failed. */
export async function runCommand(argv: readonly string[], streams: CommandStreams): Promise<number> {
  let exitCode = 0;
  const program = createProgram(streams).action(async (name: string | undefined, flags: Flags) => {
    for (const example of chosen(name, flags)) {
      const passed = await runExample(example, demoOptions(flags), streams.stdout);
      if (!passed) exitCode = 1;
    }
    removeBackups(flags);
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    if (!(error instanceof CellstateError)) throw error;
    streams.stderr.write(`${problemLine(error)}\n`);
    return 1;
  }
  return exitCode;
}

function createProgram({ stdout, stderr }: CommandStreams): Command {
  const names = EXAMPLES.map(({ name }) => name);
  return new Command('demo')
    .description('Trains, explains and forecasts the examples of Cellstate. Without a name: all of them.')
    .addArgument(new Argument('[example]', 'which example to run').choices(names))
    .addOption(new Option('--seed <integer>', 'where all randomness comes from').default(7).argParser(parseSeed))
    .addOption(new Option('--epochs <count>', "epochs of every training (default: each section's own)").argParser(parseEpochs))
    .option('--out <folder>', 'where the reports go', 'out')
    .option('--quick', 'the same sections and checks with fewer epochs')
    .option('--resume', 'go on with the run of these options that was interrupted')
    .option('--csv <file>', 'your own data instead of the example’s')
    .option('--series <column>', 'the column that names the series, as `tank`')
    .option('--time <column>', 'the column of times: numbers or ISO dates')
    .addOption(new Option('--features <columns>', 'the columns of numbers, joined by commas (default: all others)').argParser(parseColumns))
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: () => {},
      outputError: (text) => stderr.write(`${text.trim().replaceAll(/\s*\n\s*/g, ' ')} See demo --help.\n`),
    });
}

function chosen(name: string | undefined, flags: Flags): typeof EXAMPLES {
  if (flags.csv === undefined) {
    const flag = (['series', 'time', 'features'] as const).find((key) => flags[key] !== undefined);
    if (flag !== undefined) {
      throw new CellstateError('CSV_OPTION_WITHOUT_FILE', `--${flag} describes a file, and no file was given.`, {
        expected: '--csv beside it',
        received: `--${flag} alone`,
        where: 'the command line',
        hint: `Add --csv <file>, or leave --${flag} out.`,
      });
    }
  } else if (name === undefined) {
    throw new CellstateError('EXAMPLE_NOT_NAMED', 'Your own data needs the name of one example.', {
      expected: EXAMPLES.map((example) => `demo ${example.name} --csv ${flags.csv}`).join(' or '),
      received: 'no name',
      where: 'the command line',
    });
  }
  return name === undefined ? EXAMPLES : EXAMPLES.filter((example) => example.name === name);
}

function demoOptions(flags: Flags): DemoOptions {
  const { csv, series, time, features } = flags;
  return {
    seed: flags.seed,
    epochs: flags.epochs,
    out: flags.out,
    quick: flags.quick === true,
    resume: flags.resume === true,
    data: csv === undefined ? undefined : { file: csv, series, time, features },
  };
}

function parseSeed(text: string): number {
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(Number(text))) throw new InvalidArgumentError('A whole number from 0 is needed.');
  return Number(text);
}

function parseEpochs(text: string): number {
  if (!/^[1-9]\d*$/.test(text) || !Number.isSafeInteger(Number(text))) throw new InvalidArgumentError('A whole number from 1 is needed.');
  return Number(text);
}

function parseColumns(text: string): readonly string[] {
  const columns = text.split(',').map((column) => column.trim());
  if (columns.includes('')) throw new InvalidArgumentError('Column names joined by commas are needed.');
  if (new Set(columns).size < columns.length) throw new InvalidArgumentError('A column is named twice.');
  return columns;
}
