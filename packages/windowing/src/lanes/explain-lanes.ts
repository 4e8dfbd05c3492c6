import { plural, shorten, textTable } from '../text-table.ts';
import type { LaneSpan, PlannedBatch } from './lane-plan.ts';
import type { LaneSettings } from './lane-settings.ts';

/** What there is to say about lanes. */
export interface LaneFacts {
  readonly plan: Iterable<PlannedBatch>;
  /** Steps of each sequence. */
  readonly lengths: readonly number[];
  readonly settings: LaneSettings;
  readonly label?: string;
  readonly batches?: number;
}

/** Draws the table of sequences and steps, one line a batch when lanes fit beside each other, at most 80 columns wide. */
export function explainLanes({ plan, lengths, settings, label = 'sequence', batches = 12 }: LaneFacts): string {
  const { lanes, steps, targets } = settings;
  const shown: PlannedBatch[] = [];
  let count = 0;
  for (const batch of plan) {
    if (count++ < batches) shown.push(batch);
  }
  const pattern = steps.length === 1 ? plural(steps[0] as number, 'step') : `${steps.join(', ')} steps in turn`;
  const passed = lengths.filter((length) => length === 0).length;
  const anew = shown.some(({ spans }) => spans.some((span) => span?.begins === true && span.start > 0));
  const padded = shown.some(({ steps: size, spans }) => spans.some((span) => span !== null && span.end - span.start < size));
  const lines = [
    `lanes: ${plural(lengths.length, label)} in ${plural(lanes, 'lane')}, ${count.toLocaleString('en-US')} ${count === 1 ? 'batch' : 'batches'} of ${pattern}`,
    '',
    ...table(shown, { lanes, label }),
    ...(count > shown.length ? [`  … ${plural(count - shown.length, 'more batch').replace(/batchs$/, 'batches')}`] : []),
    '',
    `  ▸ ${anew ? `a ${label}, or a section of one,` : `a ${label}`} starts here, from a fresh state.`,
    '  Without ▸ a lane continues the batch before.',
  ];
  if (padded) lines.push('  + n: so many steps behind the last real one are filled with zeros.');
  if (targets !== 'none') lines.push(`  Steps count from 1; the target of each step is the step after it.`);
  else lines.push('  Steps count from 1.');
  if (passed > 0) lines.push(`  ${plural(passed, label)} too short to hold a step ${passed === 1 ? 'is' : 'are'} passed over.`);
  return lines.join('\n');
}

function table(shown: readonly PlannedBatch[], { lanes, label }: { readonly lanes: number; readonly label: string }): string[] {
  const full = cellsOf(shown, `${label} `);
  const compact = fitting(full) >= lanes ? full : cellsOf(shown, '#');
  const fit = Math.max(2, fitting(compact));
  const visible =
    lanes <= fit ? Array.from({ length: lanes }, (_, lane) => lane) : [...Array.from({ length: fit - 1 }, (_, lane) => lane), lanes - 1];
  const header = ['batch', 'steps', ...visible.map((lane) => `lane ${lane + 1}`)];
  const rows = shown.map(({ steps }, batch) => [
    String(batch + 1),
    String(steps),
    ...visible.map((lane) => shorten(compact[batch]?.[lane] as string, 28)),
  ]);
  const notes = compact === full ? [] : [`  (#1 is ${label} 1)`];
  if (visible.length < lanes)
    notes.push(lanes - visible.length === 1 ? `  (lane ${fit} is not shown)` : `  (lanes ${fit} to ${lanes - 1} are not shown)`);
  return [...textTable([header, ...rows], { right: [0, 1] }), ...notes];
}

/** How many lanes fit into 80 columns: 16 go to the first two columns, 2 between lanes. */
function fitting(cells: readonly (readonly string[])[]): number {
  const widest = Math.max(6, ...cells.flat().map((text) => [...text].length));
  return Math.floor((80 - 16) / (widest + 2));
}

function cellsOf(shown: readonly PlannedBatch[], prefix: string): string[][] {
  return shown.map(({ steps, spans }) => spans.map((span) => cell(span, { steps, prefix })));
}

function cell(span: LaneSpan | null, { steps, prefix }: { readonly steps: number; readonly prefix: string }): string {
  if (span === null) return '–';
  const length = span.end - span.start;
  const range = length === 1 ? String(span.end) : `${span.start + 1}–${span.end}`;
  return `${span.begins ? '▸' : ' '}${prefix}${span.sequence + 1}: ${range}${length < steps ? ` + ${steps - length}` : ''}`;
}
