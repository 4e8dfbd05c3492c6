import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CellstateError } from '@cellstate/core';
import { type Series, series } from '@cellstate/windowing';
import { readSeries } from '../csv/read-series.ts';
import type { TimeAxis } from '../csv/time-axis.ts';
import type { OwnData } from '../demo-options.ts';

/** Days of the tutorial's part of the story, or all there are if fewer. */
const TUTORIAL_DAYS = 250;
/** Enough for a test part that holds a forecast of twenty days. */
const MINIMUM_DAYS = 150;

/** Daily closes of several stocks or indices over the same days. */
export interface StockData {
  /** The word for the whole: `EuStockMarkets`. */
  readonly name: string;
  /** One feature for each stock, in its own unit. */
  readonly closes: Series;
  readonly times: TimeAxis;
  /** What a close is counted in. */
  readonly unit: string;
  /** Where the numbers come from, in words. */
  readonly source: string;
}

const INDICES: OwnData = {
  file: fileURLToPath(new URL('../../data/eu-stock-markets.csv', import.meta.url)),
  series: undefined,
  time: 'day',
  features: ['DAX', 'SMI', 'CAC', 'FTSE'],
};

/**
 * The closes of four European indices, or the reader's own.
 *
 * @throws CellstateError what `readSeries` throws; `SERIES_UNEVEN` for stocks of different days, `PRICE_NOT_POSITIVE`,
 * `PRICE_NEVER_CHANGES`.
 */
export async function stockData(own: OwnData | undefined): Promise<StockData> {
  const { file } = own ?? INDICES;
  const table = await readSeries(own ?? INDICES, { minimumSteps: MINIMUM_DAYS, calendar: 'trading-days' });
  const [first, ...others] = table.series as [(typeof table.series)[number], ...(typeof table.series)[number][]];
  for (const other of others) checkSameDays(other, { first, file });
  // Several series of a file become several features of one: they share their days.
  const names =
    others.length === 0 ? table.features : table.series.flatMap(({ name }) => table.features.map((feature) => `${name} ${feature}`));
  const joined = first.rows.map((_, day) => table.series.flatMap(({ rows }) => [...(rows[day] as readonly number[])]));
  checkPrices(joined, { names, labels: first.times.labels, file });
  const closes = series(joined, { names });
  if (own !== undefined) {
    return {
      name: basename(file).replace(/\.[^.]*$/, ''),
      closes,
      times: first.times,
      unit: 'units',

      source: `Daily closes from \`${file}\`: ${names.join(', ')}.`,
    };
  }
  return {
    name: 'EuStockMarkets',
    closes,
    times: first.times,
    unit: 'points',
    source: `Real daily closes of four European share indices (${names.join(', ')}), ${closes.steps} business days from mid 1991 to August 1998 (\`EuStockMarkets\` of R’s datasets).`,
  };
}

/** The last days, all stocks, for the tutorial. */
export function tutorialCloses({ closes }: Pick<StockData, 'closes'>): Series {
  return closes.rows(-Math.min(TUTORIAL_DAYS, closes.steps));
}

interface Stock {
  readonly name: string;
  readonly times: TimeAxis;
}

function checkSameDays(other: Stock, { first, file }: { first: Stock; file: string }): void {
  const day = other.times.labels.findIndex((label, index) => label !== first.times.labels[index]);
  if (day < 0) return;
  throw new CellstateError('SERIES_UNEVEN', `The series '${other.name}' does not cover the same days as '${first.name}'.`, {
    received: `${other.times.labels[day]}`,
    expected: `${first.times.labels[day]}`,
    where: `${file}, row ${day + 1} of '${other.name}'`,
  });
}

interface Prices {
  readonly names: readonly string[];
  readonly labels: readonly string[];
  readonly file: string;
}

/** Returns need prices above 0, and errors relative to a rule need prices that move. */
function checkPrices(rows: readonly (readonly number[])[], { names, labels, file }: Prices): void {
  for (const [feature, name] of names.entries()) {
    const day = rows.findIndex((row) => (row[feature] as number) <= 0);
    if (day >= 0) {
      throw new CellstateError('PRICE_NOT_POSITIVE', 'A price is not above 0.', {
        expected: 'a number above 0',
        received: String(rows[day]?.[feature]),
        where: `${file}, time ${labels[day]}, column '${name}'`,
        hint: 'Log returns exist for positive prices only.',
      });
    }
    const recent = rows.slice(-Math.ceil(MINIMUM_DAYS / 5)).map((row) => row[feature]);
    if (recent.every((price) => price === recent[0])) {
      throw new CellstateError('PRICE_NEVER_CHANGES', `The prices of '${name}' stand still.`, {
        expected: 'prices that move',
        received: `${recent[0]} on each of the last ${recent.length} days`,
        where: file,
        hint: 'Leave this column out with --features.',
      });
    }
  }
}
