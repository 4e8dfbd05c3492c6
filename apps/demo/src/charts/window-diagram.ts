import type { Figure } from '../example/page.ts';
import { NARROW, WIDE } from '../report/chart.ts';
import { svgDrawing } from '../report/svg-drawing.ts';

/** A window of one series: which steps go in, and which step it has to tell. */
export interface DrawnWindow {
  readonly name: string;
  readonly inputs: readonly number[];
  readonly target?: number;
}

export interface WindowDiagramOptions {
  /** The steps of the series, as they are called. */
  readonly steps: readonly string[];
  readonly seriesName: string;
  readonly caption: string;
}

/** A series as a row of steps and below it each window at the steps it holds, so that the overlap is seen. */
export function windowDiagram(windows: readonly DrawnWindow[], options: WindowDiagramOptions): Figure {
  return { caption: options.caption, wide: draw(windows, options, WIDE), narrow: draw(windows, options, NARROW) };
}

function draw(windows: readonly DrawnWindow[], { steps, seriesName, caption }: WindowDiagramOptions, width: number): string {
  const left = width === WIDE ? 120 : 78;
  const cell = Math.min(124, (width - left - 8) / steps.length);
  const gap = 4;
  const row = 38;
  const drawing = svgDrawing({ width, height: 62 + windows.length * row + 30, label: caption });
  const box = (step: number, y: number) => ({ x: left + step * cell, y, width: cell - gap, height: 28 });
  const middle = (step: number) => left + step * cell + (cell - gap) / 2;
  drawing.text(seriesName, { x: 0, y: 22 }, { anchor: 'start', size: 13, weight: 600 });
  for (const [step, name] of steps.entries()) {
    drawing.rect(box(step, 8), { fill: 'var(--wash)', stroke: 'var(--rule)' });
    drawing.text(name, { x: middle(step), y: 22 }, { size: 13 });
  }
  for (const [index, { name, inputs, target }] of windows.entries()) {
    const y = 56 + index * row;
    drawing.text(name, { x: 0, y: y + 14 }, { anchor: 'start', size: 13, fill: 'var(--muted)' });
    for (const step of inputs) {
      drawing.rect(box(step, y), { fill: 'var(--c1)', opacity: 0.85 });
      drawing.text(steps[step] ?? '', { x: middle(step), y: y + 14 }, { size: 13, fill: 'var(--card)', weight: 600 });
    }
    if (target !== undefined) {
      drawing.rect(box(target, y), { stroke: 'var(--c2)', width: 2 });
      drawing.text(steps[target] ?? '', { x: middle(target), y: y + 14 }, { size: 13, fill: 'var(--c2)', weight: 600 });
    }
  }
  const y = 56 + windows.length * row + 14;
  drawing.rect({ x: left, y: y - 6, width: 14, height: 12 }, { fill: 'var(--c1)', opacity: 0.85, radius: 3 });
  drawing.text('goes in', { x: left + 21, y }, { anchor: 'start', fill: 'var(--muted)' });
  if (windows.some(({ target }) => target !== undefined)) {
    drawing.rect({ x: left + 86, y: y - 6, width: 14, height: 12 }, { stroke: 'var(--c2)', width: 2, radius: 3 });
    drawing.text('is to be told', { x: left + 107, y }, { anchor: 'start', fill: 'var(--muted)' });
  }
  return drawing.toString();
}
