import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CellstateError } from '@cellstate/core';
import { afterAll, describe, expect, it } from 'vitest';
import type { OwnData } from '../../src/demo-options.ts';
import { problemLine } from '../../src/problem-line.ts';
import { stockData, tutorialCloses } from '../../src/stock/stock-data.ts';

const folder = mkdtempSync(join(tmpdir(), 'stock-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Weekdays from Monday 2024-01-01 on. */
function weekdays(count: number): string[] {
  const days: string[] = [];
  for (let time = Date.UTC(2024, 0, 1); days.length < count; time += 86_400_000) {
    const date = new Date(time);
    if (![0, 6].includes(date.getUTCDay())) days.push(date.toISOString().slice(0, 10));
  }
  return days;
}

function file(name: string, lines: readonly string[]): OwnData {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return { file: path, series: undefined, time: 'date', features: ['close'] };
}

function prices(name: string, price: (day: number) => number | string): OwnData {
  return file(name, ['date,close,volume', ...weekdays(160).map((date, day) => `${date},${price(day)},${1000 + day}`)]);
}

async function line(data: OwnData): Promise<string> {
  const error = await stockData(data).then(
    () => 'no error',
    (thrown: unknown) => (thrown instanceof CellstateError ? problemLine(thrown) : String(thrown)),
  );
  return error.replaceAll(`${folder}/`, '');
}

describe('stockData', () => {
  it('reads the four indices', async () => {
    const { closes, times, unit } = await stockData(undefined);
    expect([closes.steps, closes.names, unit]).toEqual([1860, ['DAX', 'SMI', 'CAC', 'FTSE'], 'points']);
    expect(closes.at(0, 0)).toBeCloseTo(1628.75, 3);
    expect(closes.at(-1, 3)).toBeCloseTo(5455, 0);
    expect(times.following(2)).toEqual(['1861', '1862']);
    expect(tutorialCloses({ closes }).steps).toBe(250);
  });

  it('reads one column of one’s own, dates with weekends missing, and goes on with weekdays', async () => {
    const { closes, times, name } = await stockData(prices('acme.csv', (day) => 50 + day / 4));
    expect([name, closes.names, closes.steps]).toEqual(['acme', ['close'], 160]);
    expect(times.labels.slice(-1)).toEqual(['2024-08-09']);
    expect(times.following(2)).toEqual(['2024-08-12', '2024-08-13']);
    expect(tutorialCloses({ closes }).steps).toBe(160);
  });

  it('makes several stocks of a long file features of one series', async () => {
    const rows = weekdays(160).flatMap((date, day) => [`A,${date},${10 + day}`, `B,${date},${500 - day}`]);
    const { closes } = await stockData({ ...file('long.csv', ['stock,date,close', ...rows]), series: 'stock' });
    expect(closes.names).toEqual(['A close', 'B close']);
    expect(closes.rows(0, 2).toNested()).toEqual([
      [10, 500],
      [11, 499],
    ]);
  });

  it('says in one line what is wrong', async () => {
    expect(await line(prices('zero.csv', (day) => (day === 20 ? 0 : 50 + day)))).toMatchInlineSnapshot(
      `"error: A price is not above 0: got 0; expected a number above 0; in zero.csv, time 2024-01-29, column 'close'. Log returns exist for positive prices only. [PRICE_NOT_POSITIVE]"`,
    );
    expect(await line(prices('still.csv', (day) => Math.min(day + 1, 100)))).toMatchInlineSnapshot(
      `"error: The prices of 'close' stand still: got 100 on each of the last 30 days; expected prices that move; in still.csv. Leave this column out with --features. [PRICE_NEVER_CHANGES]"`,
    );
    expect(await line(prices('word.csv', (day) => (day === 2 ? 'n/a' : 50 + day)))).toMatchInlineSnapshot(
      `"error: A value is not a number: got 'n/a'; expected digits, as 12.5 or -3e4; in word.csv, line 4, column 'close'. [NOT_A_NUMBER]"`,
    );
    expect(await line({ ...prices('column.csv', (day) => 50 + day), features: ['Close'] })).toMatchInlineSnapshot(
      `"error: There is no column 'Close': got 'Close'; expected one of date, close, volume; in column.csv. [COLUMN_MISSING]"`,
    );
    expect(await line(file('short.csv', ['date,close', '2024-01-01,5']))).toMatchInlineSnapshot(
      `"error: The series 'short' is shorter than the windows and the held-out part need: got 1 steps; expected at least 150; in short.csv. [SERIES_TOO_SHORT]"`,
    );
    const [first = '', ...others] = weekdays(161);
    const uneven = [
      ...[first, ...others.slice(0, -1)].map((date) => `A,${date},${date.slice(-2)}`),
      ...[first, ...others.slice(1)].map((date) => `B,${date},${date.slice(-2)}`),
    ];
    expect(await line({ ...file('uneven.csv', ['stock,date,close', ...uneven]), series: 'stock' })).toMatchInlineSnapshot(
      `"error: The series 'B' does not cover the same days as 'A': got 2024-01-03; expected 2024-01-02; in uneven.csv, row 2 of 'B'. [SERIES_UNEVEN]"`,
    );
  });
});
