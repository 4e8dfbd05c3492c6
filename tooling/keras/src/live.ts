import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { useBackend } from '@cellstate/backends';
import { ENGINES } from '@cellstate/testing';
import { compareAnswer, type LiveAnswer } from './compare-answer.ts';
import { summaryLine, tally } from './tally.ts';

export interface LiveOptions {
  /** The interpreter that has Keras. */
  readonly python: string;
  /** Where live.py is. */
  readonly folder: string;
  readonly seed: number;
  readonly count: number;
  /** Stop drawing after so many. */
  readonly minutes?: number;
  /** A file of configurations, one a line, to ask again in place of drawn ones. */
  readonly replay?: string;
}

interface Heading {
  readonly keras: string;
  readonly tensorflow: string;
  readonly seed: number;
}

/**
 * Lets Python draw configurations and ask Keras, and runs each here on every engine. Prints every mismatch with its configuration, and
 * one line that sums up.
 *
 * @returns whether nothing differed.
 */
export async function live({ python, folder, seed, count, minutes, replay }: LiveOptions): Promise<boolean> {
  const what = replay === undefined ? ['--seed', String(seed), '--count', String(count)] : ['--replay', replay];
  if (minutes !== undefined) what.push('--minutes', String(minutes));
  console.log(replay === undefined ? `Drawing ${count} configurations, seed ${seed}.` : `Asking Keras again about ${replay}.`);
  const child = spawn(python, [path.join(folder, 'live.py'), ...what], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? 1)));
  const counts = tally();
  let heading: Heading | undefined;
  let doubted: (() => void) | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line) as Heading | LiveAnswer | { readonly steady: boolean };
    if ('keras' in said && typeof said.keras === 'string') {
      heading = said as Heading;
    } else if ('steady' in said) {
      if (said.steady) doubted?.();
      else counts.unsteady += 1;
      if (!said.steady) console.log('\nRounding alone decides one configuration; it was not counted.');
    } else {
      const answer = said as LiveAnswer;
      const { reports, described } = await onEveryEngine(answer, (heading as Heading).seed);
      const report = () => {
        counts.configurations[answer.kind] += 1;
        counts.overflowing += answer.overflowing ?? 0;
        if (answer.refused !== undefined) counts.refused += 1;
        counts.comparisons += ENGINES.length;
        for (const [found, names] of reports) {
          counts.mismatches += names.length;
          console.log(`\nMismatch on ${names.length === ENGINES.length ? 'every engine' : names.join(' and ')}:\n  ${found}`);
        }
        if (reports.size > 0) console.log(described);
      };
      doubted = report;
      if (reports.size === 0) report();
      child.stdin.write(reports.size === 0 ? 'next\n' : `steady? ${sizeOf([...reports.keys()])}\n`);
    }
  }
  const exitCode = await ended;
  if (heading === undefined || exitCode !== 0) {
    console.log(`Keras was not asked to the end: Python ended with ${exitCode}.`);
    return false;
  }
  console.log(summaryLine(counts, { ...heading, seed }));
  return counts.mismatches === 0;
}

/** The largest difference in reports of numbers, as `mismatch` words them; empty when one is about something else. */
function sizeOf(reports: readonly string[]): string {
  const lines = reports.flatMap((report) => report.split('\n'));
  const sizes = lines.map((line) => Number(/; (\S+) of the largest$/.exec(line)?.[1] ?? Number.NaN));
  return sizes.some(Number.isNaN) ? '' : String(Math.max(...sizes));
}

/** What differs, and on which engines. */
async function onEveryEngine(
  answer: LiveAnswer,
  seed: number,
): Promise<{ readonly reports: ReadonlyMap<string, readonly string[]>; readonly described: string }> {
  const reports = new Map<string, string[]>();
  for (const { name, backend, options } of ENGINES) {
    await useBackend(backend, options);
    const found = (await compareAnswer(answer, seed)).join('\n  ');
    if (found !== '') reports.set(found, [...(reports.get(found) ?? []), name]);
  }
  return { reports, described: JSON.stringify({ ...answer, keras: undefined, overflowing: undefined }) };
}
