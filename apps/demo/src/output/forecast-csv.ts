import type { ForecastRow } from '../example/page.ts';

const COLUMNS = ['series', 'time', 'horizon', 'feature', 'forecast', 'naive'] as const;

/** The text of forecast.csv; fields with commas, quotes or line breaks are quoted (RFC 4180). */
export function forecastCsv(rows: readonly ForecastRow[]): string {
  const lines = rows.map((row) => COLUMNS.map((column) => field(row[column])).join(','));
  return `${[COLUMNS.join(','), ...lines].join('\n')}\n`;
}

function field(value: string | number): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(7)));
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
