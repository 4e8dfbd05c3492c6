import path from 'node:path';
import { readReport } from './read-report.js';

/**
 * One row for each package with tests, and one for each other check, which counts every package it ran in once.
 *
 * @param {import('./run-turbo.js').TurboTask[]} tasks
 * @param {{ root: string, checks: readonly string[] }} options `checks` are the tasks without a vitest report, in order.
 * @returns {import('./read-report.js').Result[]}
 */
export function collectResults(tasks, { root, checks }) {
  const reports = tasks
    .filter((task) => task.name === 'test')
    .map((task) => readReport(path.join(root, task.directory, 'reports', 'vitest.json'), task))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return [...reports, ...checks.map((check) => countRuns(check, tasks))];
}

/**
 * @param {string} check
 * @param {import('./run-turbo.js').TurboTask[]} tasks
 * @returns {import('./read-report.js').Result}
 */
function countRuns(check, tasks) {
  const runs = tasks.filter((task) => task.name === check);
  const failed = runs.filter((task) => task.exitCode !== 0);
  const seconds = runs.reduce((sum, task) => sum + (task.cached ? 0 : task.seconds), 0);
  const row = { name: check, skipped: 0, seconds, cached: runs.length > 0 && runs.every((task) => task.cached) };
  if (runs.length === 0) return { ...row, passed: 0, failed: 1, note: 'did not run' };
  const note = failed.map((task) => (task.exitCode === undefined ? `${task.package} did not run` : task.package)).join(', ');
  return { ...row, passed: runs.length - failed.length, failed: failed.length, ...(note === '' ? {} : { note }) };
}
