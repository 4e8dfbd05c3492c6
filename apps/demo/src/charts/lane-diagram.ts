import type { Figure } from '../example/page.ts';
import { NARROW, WIDE } from '../report/chart.ts';
import { type SvgDrawing, svgDrawing } from '../report/svg-drawing.ts';

/** A stateful batch: for each lane the first step it holds and how many, and whether a sequence starts there. */
export interface DrawnBatch {
  readonly lanes: readonly { readonly first: number; readonly count: number; readonly starts: boolean }[];
}

export interface LaneDiagramOptions {
  /** The series in each lane. */
  readonly names: readonly string[];
  readonly steps: readonly string[];
  readonly caption: string;
}

const COLOURS = ['var(--c1)', 'var(--c3)', 'var(--c4)', 'var(--c5)', 'var(--c6)'];

/** Tanks as rows, steps as columns, a colour for each batch, and the state that passes from one to the next in each lane. */
export function laneDiagram(batches: readonly DrawnBatch[], options: LaneDiagramOptions): Figure {
  return { caption: options.caption, wide: draw(batches, options, WIDE), narrow: draw(batches, options, NARROW) };
}

function draw(batches: readonly DrawnBatch[], { names, steps, caption }: LaneDiagramOptions, width: number): string {
  const left = width === WIDE ? 84 : 40;
  const between = width === WIDE ? 52 : 34;
  const cell = Math.min(122, (width - left - 4 - between * (batches.length - 1)) / steps.length);
  const row = 32;
  const top = 58;
  const drawing = svgDrawing({ width, height: top + names.length * row + 40, label: caption });
  const stepX = (step: number, batch: number) => left + step * cell + batch * between;
  for (const [lane, name] of names.entries()) {
    drawing.text(name, { x: 0, y: top + lane * row + 13 }, { anchor: 'start', size: 13, weight: 600 });
  }
  for (const [index, { lanes }] of batches.entries()) {
    const colour = COLOURS[index % COLOURS.length] as string;
    head(drawing, { index, lanes, colour, x: stepX, cell, steps });
    for (const [lane, { first, count, starts }] of lanes.entries()) {
      const y = top + lane * row;
      for (let step = first; step < first + count; step++) {
        drawing.rect({ x: stepX(step, index), y, width: cell - 4, height: 26 }, { fill: colour, opacity: 0.82 });
        if (cell > 40)
          drawing.text(steps[step] ?? '', { x: stepX(step, index) + (cell - 4) / 2, y: y + 13 }, { fill: 'var(--card)', weight: 600 });
      }
      if (count > 0 && !starts) {
        const x = stepX(first, index);
        drawing.line(
          [
            [x - between - 2, y + 13],
            [x - 4, y + 13],
          ],
          { stroke: 'var(--c2)', width: 2, arrow: true },
        );
      }
    }
  }
  const y = top + names.length * row + 20;
  drawing.line(
    [
      [left, y],
      [left + 26, y],
    ],
    { stroke: 'var(--c2)', width: 2, arrow: true },
  );
  drawing.text(
    width === WIDE ? 'the state (h, c) of this lane, handed on by the trainer' : 'the state (h, c) of this lane',
    { x: left + 34, y },
    { anchor: 'start', fill: 'var(--muted)' },
  );
  return drawing.toString();
}

interface Head {
  readonly index: number;
  readonly lanes: DrawnBatch['lanes'];
  readonly colour: string;
  readonly x: (step: number, batch: number) => number;
  readonly cell: number;
  readonly steps: readonly string[];
}

function head(drawing: SvgDrawing, { index, lanes, colour, x, cell, steps }: Head): void {
  const real = lanes.filter(({ count }) => count > 0);
  const first = Math.min(...real.map((lane) => lane.first));
  const end = Math.max(...real.map((lane) => lane.first + lane.count));
  const from = x(first, index);
  const to = x(end - 1, index) + cell - 4;
  drawing.text(`batch ${index + 1}`, { x: (from + to) / 2, y: 12 }, { size: 13, weight: 600, fill: colour });
  drawing.text(`steps ${steps[first]}–${steps[end - 1]}`, { x: (from + to) / 2, y: 29 }, { fill: 'var(--muted)' });
  drawing.line(
    [
      [from, 45],
      [to, 45],
    ],
    { stroke: colour, width: 2 },
  );
}
