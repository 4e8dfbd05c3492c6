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
  const child = spawn(python, [path.join(folder, 'live.py'), ...what], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? 1)));
  const counts = tally();
  let heading: Heading | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    if (heading === undefined) {
      heading = JSON.parse(line) as Heading;
      continue;
    }
    const answer = JSON.parse(line) as LiveAnswer;
    counts.configurations[answer.kind] += 1;
    counts.overflowing += answer.discarded?.overflowing ?? 0;
    counts.unsteady += answer.discarded?.unsteady ?? 0;
    if (answer.refused !== undefined) counts.refused += 1;
    const reports = new Map<string, string[]>();
    for (const { name, backend, options } of ENGINES) {
      await useBackend(backend, options);
      const found = await compareAnswer(answer, heading.seed);
      counts.comparisons += 1;
      if (found.length > 0) reports.set(found.join('\n  '), [...(reports.get(found.join('\n  ')) ?? []), name]);
    }
    for (const [report, names] of reports) {
      counts.mismatches += names.length;
      console.log(`\nMismatch on ${names.length === ENGINES.length ? 'every engine' : names.join(' and ')}:\n  ${report}`);
    }
    if (reports.size > 0) console.log(JSON.stringify({ ...answer, keras: undefined, discarded: undefined }));
  }
  const exitCode = await ended;
  if (heading === undefined || exitCode !== 0) {
    console.log(`Keras was not asked to the end: Python ended with ${exitCode}.`);
    return false;
  }
  console.log(summaryLine(counts, { ...heading, seed }));
  return counts.mismatches === 0;
}
