import { CellstateError } from '@cellstate/core';
import type { Metric } from '../example/page.ts';

/**
 * The text of metrics.json: keys in the order they were measured, numbers with six significant digits.
 *
 * @throws CellstateError `METRIC_NOT_FINITE` naming the path of a number that JSON cannot hold.
 */
export function metricsJson(metrics: { readonly [name: string]: Metric }): string {
  return `${JSON.stringify(rounded(metrics, ''), null, 2)}\n`;
}

function rounded(value: Metric, path: string): Metric {
  if (typeof value === 'number') {
    if (!Number.isFinite(value))
      throw new CellstateError('METRIC_NOT_FINITE', 'A metric is not a number.', {
        expected: 'a finite number',
        received: String(value),
        where: path,
      });
    return Number.isInteger(value) ? value : Number(value.toPrecision(6));
  }
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map((item, index) => rounded(item, `${path}[${index}]`));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, rounded(item, path === '' ? name : `${path}.${name}`)]));
}

function isList(value: Metric): value is readonly Metric[] {
  return Array.isArray(value);
}
