import type { Figure } from '../example/page.ts';
import { NARROW, WIDE } from '../report/chart.ts';
import { svgDrawing } from '../report/svg-drawing.ts';

export interface SkillBar {
  readonly label: string;
  /** Absent where there is nothing to be skilled at. */
  readonly skill: number | undefined;
  /** The skill of each seed. */
  readonly seeds: readonly number[];
  /** The skill of the best that is possible, when known. */
  readonly floor: number | undefined;
}

const ROW = 30;
/** Bars end here; how far below zero they really go is written beside them. */
const LOWEST = -1;

/** A bar for each skill from zero, the range of the seeds as a line, and what is possible as a tick. */
export function skillChart(bars: readonly SkillBar[], caption: string): Figure {
  return { caption, wide: draw(bars, { width: WIDE, caption }), narrow: draw(bars, { width: NARROW, caption }) };
}

function draw(bars: readonly SkillBar[], { width, caption }: { width: number; caption: string }): string {
  const left = width === WIDE ? 150 : 116;
  const values = bars.flatMap(({ seeds, floor }) => [...seeds, floor ?? 0]);
  const low = Math.max(LOWEST, Math.min(0, ...values));
  const high = Math.max(0.1, ...values);
  const x = (value: number) => left + ((Math.max(low, value) - low) / (high - low)) * (width - left - 48);
  const height = bars.length * ROW + 28;
  const drawing = svgDrawing({ width, height, label: caption });
  for (let tick = Math.ceil(low * 5); tick <= high * 5; tick++) {
    drawing.line(
      [
        [x(tick / 5), 0],
        [x(tick / 5), height - 24],
      ],
      { stroke: tick === 0 ? 'var(--muted)' : 'var(--rule)', width: 1 },
    );
    drawing.text((tick / 5).toFixed(1), { x: x(tick / 5), y: height - 12 }, { fill: 'var(--muted)', size: 12 });
  }
  for (const [index, { label, skill, seeds, floor }] of bars.entries()) {
    const y = index * ROW + ROW / 2;
    drawing.text(label, { x: 0, y }, { anchor: 'start', size: 12.5, fill: 'var(--muted)' });
    if (skill === undefined) {
      drawing.text('the rule makes no error', { x: x(0) + 8, y }, { anchor: 'start', fill: 'var(--muted)' });
      continue;
    }
    const [least, most] = [Math.min(...seeds), Math.max(...seeds)];
    const [from, to] = [Math.min(x(0), x(skill)), Math.max(x(0), x(skill))];
    drawing.rect(
      { x: from, y: y - 8, width: to - from, height: 16 },
      { fill: skill > 0 ? 'var(--c1)' : 'var(--bad)', opacity: 0.85, radius: 2 },
    );
    drawing.line(
      [
        [x(least), y],
        [x(most), y],
      ],
      { stroke: 'var(--ink)', width: 1.4 },
    );
    if (floor !== undefined)
      drawing.line(
        [
          [x(floor), y - 11],
          [x(floor), y + 11],
        ],
        { stroke: 'var(--c3)', width: 2.4 },
      );
    drawing.text(
      skill.toFixed(2).replace('-', '−'),
      { x: Math.max(x(0), x(most), x(floor ?? 0)) + 8, y },
      { anchor: 'start', size: 12.5, weight: 600 },
    );
  }
  return drawing.toString();
}
