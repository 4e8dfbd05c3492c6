import type { Writable } from 'node:stream';
import { describe } from '@cellstate/core';
import type { Check } from '../example/page.ts';
import type { Screen } from '../example/recorder.ts';
import { paintFor, paintMarks } from './paint.ts';
import { progressBar } from './progress-bar.ts';
import { textTable } from './text-table.ts';
import { wrap } from './wrap.ts';

const WIDTH = 78;

/** What closes an example in the terminal. */
export interface Closing {
  /** The folder of the output. */
  readonly path: string;
  readonly files: readonly string[];
  readonly checks: number;
  readonly failed: readonly Check[];
}

export interface TerminalScreen extends Screen {
  title(title: string, lead: string): void;
  heading(number: number, title: string): void;
  closing(closing: Closing): void;
}

/** Shows an example in a terminal of 80 columns. */
export function terminalScreen(stdout: Writable & { readonly isTTY?: boolean }): TerminalScreen {
  const paint = paintFor(stdout);
  const print = (line = '') => stdout.write(`${line}\n`);
  const paragraph = (text: string) => {
    for (const line of wrap(text, WIDTH)) print(`  ${paintMarks(line, paint)}`);
  };
  return {
    title(title, lead) {
      print();
      print(paint.bold(paint.inverse(` ${title} `)));
      paragraph(lead);
    },
    heading(number, title) {
      print();
      print(paint.bold(paint.cyan(`${number}. ${title.replaceAll('`', '')}`)));
    },
    say: paragraph,
    table(table) {
      for (const line of textTable(table, paint)) print(`  ${line}`);
    },
    pattern({ keras, ours, input, output }) {
      print(`  ${paint.dim('Keras')}  ${keras}`);
      print(`  ${paint.dim('here ')}  ${paint.cyan(ours)}`);
      print(`  ${paint.dim('shape')}  ${describe(input)} → ${describe(output)}`);
    },
    check({ name, passed, detail }) {
      print(`  ${passed ? paint.green('✓') : paint.red('✗')} ${name}: ${detail}`);
    },
    progress: (label, total) => progressBar(stdout, label, total),
    closing({ path, files, checks, failed }) {
      print();
      print(failed.length === 0 ? paint.green(`✓ ${checks} checks passed.`) : paint.red(`✗ ${failed.length} of ${checks} checks failed:`));
      for (const { name, detail } of failed) print(paint.red(`  ${name}: ${detail}`));
      print(`Report: ${paint.bold(`${path}/${files[0]}`)}, with beside it:`);
      paragraph(files.slice(1).join(', '));
    },
  };
}
