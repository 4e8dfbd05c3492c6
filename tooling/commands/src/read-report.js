import { existsSync, readFileSync } from 'node:fs';

/**
 * What one row of the summary counts.
 *
 * @typedef {{ name: string, passed: number, failed: number, skipped: number, seconds: number, cached: boolean, note?: string }} Result
 */

/**
 * Counts the tests of one package from the JSON report its vitest run wrote.
 *
 * A file that did not load counts as one failure, and so does a run that failed without a failing test, that left no
 * report, or that held no test at all: nothing passes by not running.
 *
 * @param {string} file the report.
 * @param {import('./run-turbo.js').TurboTask} task the run that should have written it.
 * @returns {Result}
 */
export function readReport(file, task) {
  const row = { name: task.package, seconds: task.seconds, cached: task.cached };
  if (!existsSync(file)) {
    return { ...row, passed: 0, failed: 1, skipped: 0, note: task.exitCode === undefined ? 'did not run' : 'no test report' };
  }
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const passed = report.numPassedTests;
  const skipped = report.numPendingTests + report.numTodoTests;
  const broken = report.testResults.filter(isBroken).length;
  const failed = report.numFailedTests + broken;
  if (failed > 0) return { ...row, passed, failed, skipped, ...(broken > 0 ? { note: 'a test file failed to load' } : {}) };
  if (passed === 0) return { ...row, passed, failed: 1, skipped, note: 'no tests' };
  if (task.exitCode !== 0) return { ...row, passed, failed: 1, skipped, note: 'the run failed outside a test' };
  return { ...row, passed, failed, skipped };
}

/** @param {{ status: string, assertionResults: { status: string }[] }} file */
function isBroken({ status, assertionResults }) {
  return status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
}
