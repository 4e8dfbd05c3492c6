import { plural, shorten, textTable } from '../text-table.ts';
import type { WindowLayout } from './window-layout.ts';

/** What there is to say about windows. */
export interface WindowFacts {
  readonly layout: WindowLayout;
  /** Steps and windows of each series. */
  readonly counts: readonly (readonly [steps: number, windows: number])[];
  readonly features: number;
  /** Names of the features to predict. */
  readonly targets: readonly string[];
  readonly where: string;
}

/** Draws which rows windows hold, at most 80 columns wide. */
export function explainWindows({ layout, counts, features, targets, where }: WindowFacts): string {
  const { length, horizon, stride, reach } = layout;
  const count = counts.reduce((sum, [, windows]) => sum + windows, 0);
  const total = counts.reduce((sum, [steps]) => sum + steps, 0);
  const y = horizon === 1 ? [count, targets.length] : [count, horizon, targets.length];
  const [steps, windows] = counts.find(([, some]) => some > 0) ?? [0, 0];
  const from =
    counts.length === 1
      ? plural(total, 'row')
      : `${plural(counts.length, 'series').replace(/seriess$/, 'series')} of ${plural(total, 'row')} in all`;
  const lines = [
    `${where}: ${plural(count, 'window')} from ${from}, ${plural(features, 'feature')}`,
    `  x [${count}, ${length}, ${features}]   y [${y.join(', ')}]   predicts ${shorten(targets.join(', '), 36)}`,
    '',
    ...table(layout, windows, Math.min(steps, (windows - 1) * stride + reach)),
    '',
  ];
  const used = (windows - 1) * stride + reach;
  const unused = steps - used;
  const between = Math.max(0, stride - reach) * (windows - 1);
  lines.push(`  Rows count from 0. ${unused + between === 0 ? 'Every row is in reach of a window.' : unusedRows(used, unused, between)}`);
  if (stride < layout.span) lines.push(`  ${overlap(layout)} Stateful: use lanes.`);
  if (counts.length > 1) lines.push(`  Shown: one series of ${plural(steps, 'row')}. No window straddles two series.`);
  return lines.join('\n');
}

/** A row enters window i at step j when `i * stride + j * samplingRate` is its number. */
function overlap({ length, stride, samplingRate }: WindowLayout): string {
  const shared = Math.ceil(length / (stride / divisor(stride, samplingRate)));
  if (shared === 1) return 'Windows interleave: each begins before the last ends.';
  return `Windows overlap: a row enters up to ${shared} of them.`;
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

function table(layout: WindowLayout, windows: number, rows: number): string[] {
  const shown = windows <= 5 ? Array.from({ length: windows }, (_, index) => index) : [0, 1, 2, -1, windows - 1];
  const drawn = rows <= 40;
  const cells = shown.map((index) => {
    if (index === -1) return ['…', '…', '…', ''];
    const start = index * layout.stride;
    const inputs = Array.from({ length: layout.length }, (_, step) => start + step * layout.samplingRate);
    const targets = Array.from({ length: layout.horizon }, (_, step) => start + layout.span + layout.gap + step);
    const picture = Array.from({ length: rows }, (_, row) => (inputs.includes(row) ? '●' : targets.includes(row) ? '○' : '·')).join('');
    return [String(index), rowList(inputs), rowList(targets), drawn ? picture : ''];
  });
  return textTable([['window', 'rows of x', 'rows of y', drawn ? '● in x  ○ in y' : ''], ...cells], { right: [0] });
}

function rowList(rows: readonly number[]): string {
  if (rows.length <= 4) return rows.join(' ');
  return `${rows[0]} ${rows[1]} … ${rows.at(-1)}`;
}

function unusedRows(used: number, unused: number, between: number): string {
  const tail = unused === 0 ? '' : unused === 1 ? `Row ${used} lies` : `Rows ${used} to ${used + unused - 1} lie`;
  const inner = between === 0 ? '' : `${plural(between, 'row')} between windows ${tail === '' ? `lie${between === 1 ? 's' : ''}` : 'and'}`;
  if (inner === '') return `${tail} in no window.`;
  return `${inner}${tail === '' ? '' : ` ${tail.charAt(0).toLowerCase()}${tail.slice(1).replace(/ lies$/, ' lie')}`} in no window.`;
}
