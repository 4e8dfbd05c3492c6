/**
 * The totals of all rows.
 *
 * @param {import('./read-report.js').Result[]} results
 * @returns {{ passed: number, failed: number, skipped: number }}
 */
export function sumResults(results) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of results) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  return total;
}

/**
 * The summary as text: a table, and as last line `N passed, N failed`, with `, N skipped` if any were.
 *
 * @param {import('./read-report.js').Result[]} results
 * @returns {string}
 */
export function formatResults(results) {
  const header = ['', 'passed', 'failed', 'skipped', 'seconds', ''];
  const rows = results.map((row) => [
    row.name,
    String(row.passed),
    String(row.failed),
    String(row.skipped),
    row.cached ? 'cached' : row.seconds.toFixed(1),
    row.note ?? '',
  ]);
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const lines = [header, ...rows].map((row) => {
    const cells = row.map((cell, column) => (column === 0 || column === 5 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])));
    return cells.join('  ').trimEnd();
  });
  const { passed, failed, skipped } = sumResults(results);
  const last = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  return [...lines, '', last].join('\n');
}
