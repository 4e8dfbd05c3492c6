import type { LaneSpan, PlannedBatch } from '@cellstate/windowing';
import type { Figure } from '../example/page.ts';
import { NARROW, WIDE } from '../report/chart.ts';
import { type SvgDrawing, svgDrawing } from '../report/svg-drawing.ts';

export interface SplitDiagramOptions {
  /** The parts of the series in order of time, with the number of days in each. */
  readonly parts: readonly { readonly name: string; readonly days: number }[];
  /** The first batches of the training lanes. */
  readonly batches: readonly PlannedBatch[];
  readonly caption: string;
}

const COLOURS = ['var(--c1)', 'var(--c4)', 'var(--c2)'];
const BAR = { y: 26, height: 26 };
const ROW = { first: 104, pitch: 36, height: 26 };

/** The series as a bar of parts, and below it the lanes that the training part is cut into, with their first batches. */
export function splitDiagram(options: SplitDiagramOptions): Figure {
  return { caption: options.caption, wide: draw(options, WIDE), narrow: draw(options, NARROW) };
}

function draw({ parts, batches, caption }: SplitDiagramOptions, width: number): string {
  const lanes = batches[0]?.spans.length ?? 0;
  const drawing = svgDrawing({ width, height: ROW.first + lanes * ROW.pitch + 6, label: caption });
  const days = parts.reduce((sum, part) => sum + part.days, 0);
  let x = 0;
  for (const [index, part] of parts.entries()) {
    const share = (part.days / days) * width;
    drawing.rect({ x, y: BAR.y, width: share - 3, height: BAR.height }, { fill: COLOURS[index % COLOURS.length] as string, opacity: 0.85 });
    if (width === WIDE) {
      drawing.text(part.name, { x: x + 1, y: 11 }, { anchor: 'start', size: 12.5, weight: 600 });
      drawing.text(
        `${part.days} days`,
        { x: x + (share - 3) / 2, y: BAR.y + BAR.height / 2 },
        { fill: 'var(--card)', weight: 600, size: 12.5 },
      );
    } else {
      drawing.text(
        `${part.name} ${part.days}`,
        { x: 1 + (index / parts.length) * width * 1.08, y: 11 },
        { anchor: 'start', weight: 600, fill: COLOURS[index % COLOURS.length] as string },
      );
    }
    x += share;
  }
  drawing.text(
    width === WIDE ? 'the training part in lanes, each batch a column:' : 'the training part in lanes:',
    { x: 0, y: ROW.first - 24 },
    { anchor: 'start', fill: 'var(--muted)' },
  );
  for (let lane = 0; lane < lanes; lane++) drawLane(drawing, { lane, spans: batches.map(({ spans }) => spans[lane] ?? null), width });
  return drawing.toString();
}

interface LaneRow {
  readonly lane: number;
  readonly spans: readonly (LaneSpan | null)[];
  readonly width: number;
}

function drawLane(drawing: SvgDrawing, { lane, spans, width }: LaneRow): void {
  const wide = width === WIDE;
  const left = wide ? 62 : 46;
  const gap = wide ? 34 : 16;
  const box = (width - left - gap * spans.length - 16) / spans.length;
  const y = ROW.first + lane * ROW.pitch;
  const middle = y + ROW.height / 2;
  drawing.text(`lane ${lane + 1}`, { x: 0, y: middle }, { anchor: 'start', size: wide ? 13 : 12, weight: 600 });
  for (const [batch, span] of spans.entries()) {
    if (span === null) continue;
    const x = left + batch * (box + gap);
    drawing.rect({ x, y, width: box, height: ROW.height }, { fill: 'var(--c1)', opacity: 0.85 - batch * 0.12 });
    drawing.text(
      `${wide ? 'days ' : ''}${span.start + 1}–${span.end}`,
      { x: x + box / 2, y: middle },
      { fill: 'var(--card)', weight: 600, size: wide ? 12 : 11 },
    );
    drawing.line(
      [
        [x + box + 2, middle],
        [x + box + gap - 2, middle],
      ],
      { stroke: 'var(--c2)', width: 2, arrow: true },
    );
  }
  drawing.text('…', { x: width - 8, y: middle }, { size: 16, fill: 'var(--faint)' });
}
