import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { collectResults } from '../src/collect-results.js';
import { formatResults } from '../src/format-results.js';
import type { TurboTask } from '../src/run-turbo.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'results-'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

const task = (name: string, change: Partial<TurboTask> = {}): TurboTask => {
  const owner = change.package ?? 'core';
  return { id: `${owner}#${name}`, name, package: owner, directory: owner, exitCode: 0, seconds: 1.25, cached: false, ...change };
};

/** Leaves the report of a vitest run whose tests came out so; a file without tests is one that did not load. */
function report(folder: string, files: ('passed' | 'failed' | 'pending')[][]): void {
  const outcomes = files.flat();
  const count = (status: string) => outcomes.filter((outcome) => outcome === status).length;
  mkdirSync(path.join(root, folder, 'reports'), { recursive: true });
  const body = {
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    numPendingTests: count('pending'),
    numTodoTests: 0,
    testResults: files.map((tests) => ({
      status: tests.length === 0 || tests.includes('failed') ? 'failed' : 'passed',
      assertionResults: tests.map((status) => ({ status })),
    })),
  };
  writeFileSync(path.join(root, folder, 'reports', 'vitest.json'), JSON.stringify(body));
}

const collect = (tasks: TurboTask[], checks: string[] = []) => collectResults(tasks, { root, checks });

test('tests are counted from the reports, checks by the packages they ran in', () => {
  report('core', [
    ['passed', 'passed'],
    ['passed', 'pending'],
  ]);
  report('ops', [['passed', 'failed']]);
  const tasks = [
    task('test', { package: 'ops', directory: 'ops', exitCode: 1, seconds: 12.34 }),
    task('test', { cached: true }),
    task('typecheck'),
    task('typecheck', { package: 'ops', exitCode: 2 }),
    task('lint', { package: 'lint' }),
  ];
  expect(formatResults(collect(tasks, ['typecheck', 'lint']))).toMatchInlineSnapshot(`
    "           passed  failed  skipped  seconds
    core            3       0        1   cached
    ops             1       1        0     12.3
    typecheck       1       1        0      2.5  ops
    lint            1       0        0      1.3

    6 passed, 2 failed, 1 skipped"
  `);
});

test('the last line names skipped tests only when there are any', () => {
  report('core', [['passed']]);
  expect(
    formatResults(collect([task('test')]))
      .split('\n')
      .at(-1),
  ).toBe('1 passed, 0 failed');
});

test.each([
  ['a missing report', undefined, {}, 'no test report'],
  ['a task that never started', undefined, { exitCode: undefined }, 'did not run'],
  ['a file that does not load', [['passed'], []] as 'passed'[][], { exitCode: 1 }, 'a test file failed to load'],
  ['a run that fails outside a test', [['passed']] as 'passed'[][], { exitCode: 1 }, 'the run failed outside a test'],
  ['a run without tests', [], {}, 'no tests'],
])('%s is a failure', (_name, files, change, note) => {
  if (files !== undefined) report('core', files);
  expect(collect([task('test', change)])).toMatchObject([{ failed: 1, note }]);
});

test.each([
  ['a check that no package has', [], 'did not run'],
  ['a check that never started', [task('lint', { exitCode: undefined })], 'core did not run'],
])('%s is a failure', (_name, tasks, note) => {
  expect(collect(tasks, ['lint'])).toMatchObject([{ passed: 0, failed: 1, note }]);
});
