import type { Model } from '@cellstate/layers';
import type { Figure } from '../example/page.ts';
import { NARROW, WIDE } from '../report/chart.ts';
import { type SvgDrawing, svgDrawing } from '../report/svg-drawing.ts';
import { type Unrolled, type UnrolledRow, unroll } from './unrolled-rows.ts';

export interface UnrolledBoxesOptions {
  /** Steps of the input where the model leaves the number open. */
  readonly steps: number;
  readonly caption: string;
  /** Words for the bottom and the top row; default `x` and `y`, numbered by step. */
  readonly input?: string;
  readonly output?: string;
}

const BOX = { width: 62, height: 30 };
const ROW = 62;
/** Length of the arrows that carry state in and out. */
const OUTSIDE = 20;

/** A model unrolled over time: a box for each layer and step, arrows for what is handed up and for the state that runs along. */
export function unrolledBoxes(model: Model<unknown>, options: UnrolledBoxesOptions): Figure {
  const unrolled = unroll(model, options.steps);
  return {
    caption: options.caption,
    wide: draw(unrolled, options, { width: WIDE, most: 8 }),
    narrow: draw(unrolled, options, { width: NARROW, most: 5 }),
  };
}

interface Grid {
  readonly left: number;
  readonly pitch: number;
  /** The step each column stands for; null is the gap of a long sequence. */
  readonly columns: readonly (number | null)[];
  readonly box: number;
}

function draw(
  unrolled: Unrolled,
  { caption, input = 'x', output = 'y' }: UnrolledBoxesOptions,
  { width, most }: { width: number; most: number },
): string {
  const longest = Math.max(unrolled.input.steps, unrolled.output.steps, ...unrolled.rows.map(({ steps }) => steps));
  const narrow = width === NARROW;
  const left = narrow ? 4 : 132;
  const columns = shownSteps(longest, most);
  const pitch = Math.min(narrow ? 76 : 88, (width - left - 40) / columns.length);
  const grid: Grid = { left: left + 20, pitch, columns, box: Math.min(BOX.width, pitch - 18) };
  const rowHeight = narrow ? ROW + 12 : ROW;
  const levels = unrolled.rows.length + 2;
  const height = levels * rowHeight + 8;
  const drawing = svgDrawing({ width, height, label: caption });
  const y = (level: number) => height - rowHeight / 2 - level * rowHeight;
  const labels: string[] = [];

  const below = portColumns(unrolled.input, grid, 'first');
  labels.push(`input, ${features(unrolled.input.features)}`);
  ports(drawing, { grid, y: y(0), columns: below, name: input, single: unrolled.input.single, colour: 'var(--c3)' });
  let handed: readonly Source[] = below.map((column) => ({ column, shift: 0, y: y(0) }));
  let beside: readonly Source[] = [];
  for (const [index, row] of unrolled.rows.entries()) {
    labels.push(row.label);
    const upper = row.pair === 'upper';
    const given = layer(drawing, { row, grid, y: y(index + 1), handed: upper ? beside : handed });
    if (row.pair === 'lower') beside = handed;
    handed = upper ? [...handed, ...given] : given;
  }
  const top = levels - 1;
  labels.push(`output, ${features(unrolled.output.features)}`);
  for (const source of handed) up(drawing, { grid, source, to: y(top) });
  const reached = [...new Set(handed.map(({ column }) => column))];
  ports(drawing, { grid, y: y(top), columns: reached, name: output, single: unrolled.output.single, colour: 'var(--c2)' });
  for (const [level, text] of labels.entries()) {
    if (narrow)
      drawing.text(text, { x: left, y: y(level) - BOX.height / 2 - 11 }, { anchor: 'start', size: 11.5, fill: 'var(--muted)', halo: true });
    else drawing.text(text, { x: 0, y: y(level) }, { anchor: 'start', size: 12.5, fill: 'var(--muted)' });
  }
  return drawing.toString();
}

function features(count: number | null): string {
  return count === null ? 'features' : `${count} feature${count === 1 ? '' : 's'}`;
}

/** At most `most` columns: the first steps, a gap, the last one. */
function shownSteps(steps: number, most: number): (number | null)[] {
  if (steps <= most) return Array.from({ length: steps }, (_, step) => step);
  return [...Array.from({ length: most - 2 }, (_, step) => step), null, steps - 1];
}

function centre({ left, pitch }: Grid, column: number): number {
  return left + column * pitch + pitch / 2;
}

/** The columns of a row with this many steps. */
function columnsOf(grid: Grid, steps: number): number[] {
  const shown = grid.columns.map((step, column) => ({ step, column })).filter(({ step }) => step !== null && step < steps);
  return shown.map(({ column }) => column);
}

function portColumns({ steps, single }: Unrolled['input'], grid: Grid, where: 'first'): number[] {
  return single && where === 'first' ? [0] : columnsOf(grid, steps);
}

interface Ports {
  readonly grid: Grid;
  readonly y: number;
  readonly columns: readonly number[];
  readonly name: string;
  readonly single: boolean;
  readonly colour: string;
}

function ports(drawing: SvgDrawing, { grid, y, columns, name, single, colour }: Ports): void {
  for (const column of columns) {
    const x = centre(grid, column);
    drawing.rect({ x: x - grid.box / 2, y: y - 13, width: grid.box, height: 26 }, { stroke: colour, width: 1.6, radius: 13 });
    drawing.text(
      single || columns.length === 1 ? name : `${name}${(grid.columns[column] as number) + 1}`,
      { x, y },
      { size: 12.5, fill: colour, weight: 600 },
    );
  }
  gap(drawing, { grid, y, columns });
}

function gap(drawing: SvgDrawing, { grid, y, columns }: { grid: Grid; y: number; columns: readonly number[] }): void {
  const column = grid.columns.indexOf(null);
  if (column >= 0 && columns.length > 1 && (columns.at(-1) as number) > column)
    drawing.text('…', { x: centre(grid, column), y }, { size: 17, fill: 'var(--faint)' });
}

/** Where a value comes from: a column, how far beside its middle the arrow runs, and the middle of its row. */
interface Source {
  readonly column: number;
  readonly shift: number;
  readonly y: number;
}

interface LayerRow {
  readonly row: UnrolledRow;
  readonly grid: Grid;
  readonly y: number;
  readonly handed: readonly Source[];
}

/** Draws a layer and gives the places at which it hands a value up. */
function layer(drawing: SvgDrawing, { row, grid, y, handed }: LayerRow): Source[] {
  if (row.kind === 'spread') return spread(drawing, { row, grid, y, handed });
  // The rows of a pair stand aside for each other, so that the arrows of one pass the boxes of the other.
  const shift = row.pair === undefined ? 0 : (row.pair === 'lower' ? -0.3 : 0.3) * grid.box;
  const width = row.pair === undefined ? grid.box : grid.box * 0.6;
  const columns = row.kind === 'single' ? [...new Set(handed.map(({ column }) => column))] : columnsOf(grid, row.steps);
  for (const source of handed) {
    if (columns.includes(source.column)) up(drawing, { grid, source: { ...source, shift: source.shift + shift }, to: y });
  }
  const recurrent = row.kind === 'recurrent';
  for (const column of columns) {
    const place = { x: centre(grid, column) + shift - width / 2, y: y - BOX.height / 2, width, height: BOX.height };
    drawing.rect(place, {
      fill: recurrent ? 'var(--accent-wash)' : 'var(--wash)',
      stroke: recurrent ? 'var(--c1)' : 'var(--faint)',
      width: recurrent ? 1.6 : 1.2,
      radius: 6,
    });
  }
  gap(drawing, { grid, y, columns });
  if (recurrent) states(drawing, { row, grid, y, columns, shift, half: width / 2 });
  const last = row.direction === 'forward' ? columns.at(-1) : columns[0];
  return columns.filter((column) => row.emits === 'all' || column === last).map((column) => ({ column, shift, y }));
}

function spread(drawing: SvgDrawing, { row, grid, y, handed }: LayerRow): Source[] {
  const columns = columnsOf(grid, row.steps);
  const first = centre(grid, columns[0] as number) - grid.box / 2;
  const last = centre(grid, columns.at(-1) as number) + grid.box / 2;
  for (const source of handed) up(drawing, { grid, source, to: y });
  drawing.rect(
    { x: first, y: y - BOX.height / 2, width: last - first, height: BOX.height },
    { fill: 'var(--wash)', stroke: 'var(--faint)', width: 1.2, radius: 6 },
  );
  drawing.text(`the same value at each of ${row.steps} steps`, { x: (first + last) / 2, y }, { size: 12, fill: 'var(--muted)' });
  return columns.map((column) => ({ column, shift: 0, y }));
}

/** The arrows of state along a row, with those from the batch before and to the next when it is stateful. */
function states(drawing: SvgDrawing, { row, grid, y, columns, shift, half }: States): void {
  const look = { stroke: 'var(--c1)', width: 1.6, arrow: true };
  const missing = grid.columns.indexOf(null);
  const edge = (column: number, side: 1 | -1) => centre(grid, column) + (column === missing ? side * 10 : shift + side * half);
  for (let column = columns[0] as number; column < (columns.at(-1) as number); column++) {
    const ends = [edge(column, 1), edge(column + 1, -1)] as const;
    const [tail, tip] = row.direction === 'forward' ? ends : [ends[1], ends[0]];
    drawing.line(
      [
        [tail, y],
        [tip, y],
      ],
      look,
    );
  }
  if (!row.stateful) return;
  const first = edge(columns[0] as number, -1);
  const last = edge(columns.at(-1) as number, 1);
  drawing.line(
    [
      [first - OUTSIDE, y],
      [first, y],
    ],
    { ...look, stroke: 'var(--c2)' },
  );
  drawing.line(
    [
      [last, y],
      [last + OUTSIDE, y],
    ],
    { ...look, stroke: 'var(--c2)' },
  );
}

interface States {
  readonly row: UnrolledRow;
  readonly grid: Grid;
  readonly y: number;
  readonly columns: readonly number[];
  readonly shift: number;
  readonly half: number;
}

function up(drawing: SvgDrawing, { grid, source, to }: { grid: Grid; source: Source; to: number }): void {
  const x = centre(grid, source.column) + source.shift;
  drawing.line(
    [
      [x, source.y - BOX.height / 2],
      [x, to + BOX.height / 2],
    ],
    { stroke: 'var(--muted)', width: 1.2, arrow: true },
  );
}
