import type { Figure } from '../example/page.ts';
import { AXIS, drawChart, LEGEND } from '../report/chart.ts';

export interface ErrorLine {
  readonly name: string;
  readonly values: readonly number[];
  /** Drawn in the warning colour, in front. */
  readonly marked: boolean;
}

export interface ErrorChartOptions {
  readonly labels: readonly string[];
  readonly threshold: number;
  /** What the values are: `reconstruction error`. */
  readonly yName: string;
  readonly xName: string;
  /** A dashed vertical line with a word: where something begins. */
  readonly mark?: { readonly at: number; readonly text: string };
  readonly caption: string;
}

/** Errors over time with their threshold; unmarked lines stay in the background. */
export function errorChart(lines: readonly ErrorLine[], { labels, threshold, yName, xName, mark, caption }: ErrorChartOptions): Figure {
  const marked = lines.filter((line) => line.marked);
  const highest = Math.max(threshold, ...lines.flatMap(({ values }) => values));
  const tick = tickOf(highest / 4);
  const svg = drawChart(
    ({ narrow }) => ({
      legend: { ...LEGEND, data: [...marked.map(({ name }) => name), 'other tanks'] },
      title: { text: yName, left: 0, top: 26, padding: 0, textStyle: { color: 'var(--muted)', fontSize: 12, fontWeight: 400 } },
      grid: { left: narrow ? 40 : 48, right: narrow ? 14 : 20, top: 60, bottom: 42 },
      xAxis: {
        ...AXIS,
        type: 'category',
        data: [...labels],
        name: xName,
        nameLocation: 'middle',
        nameGap: 26,
        boundaryGap: false,
        axisLabel: { ...AXIS.axisLabel, interval: Math.max(0, Math.ceil(labels.length / (narrow ? 5 : 9)) - 1) },
      },
      yAxis: { ...AXIS, type: 'value', min: 0, max: Math.ceil((highest * 1.02) / tick) * tick, interval: tick },
      series: lines.map(({ name, values, marked: isMarked }, index) => ({
        name: isMarked ? name : 'other tanks',
        type: 'line' as const,
        showSymbol: isMarked,
        symbol: 'circle',
        symbolSize: 6,
        data: [...values],
        z: isMarked ? 4 : 2,
        lineStyle: { color: isMarked ? 'var(--c2)' : 'var(--faint)', width: isMarked ? 2.6 : 1.3, opacity: isMarked ? 1 : 0.75 },
        itemStyle: { color: isMarked ? 'var(--c2)' : 'var(--faint)' },
        ...(index > 0 ? {} : { markLine: limits(threshold, mark) }),
      })),
    }),
    { wide: 330, narrow: 280 },
  );
  return { caption, ...svg };
}

function limits(threshold: number, mark: ErrorChartOptions['mark']) {
  const label = { color: 'var(--muted)', fontSize: 12, show: true };
  return {
    silent: true,
    symbol: 'none' as const,
    data: [
      {
        yAxis: threshold,
        lineStyle: { color: 'var(--bad)', type: 'solid' as const, width: 1.4 },
        label: { ...label, color: 'var(--bad)', formatter: 'threshold', position: 'insideStartTop' as const },
      },
      ...(mark === undefined
        ? []
        : [
            {
              xAxis: mark.at,
              lineStyle: { color: 'var(--faint)', type: 'dashed' as const },
              label: { ...label, formatter: mark.text, position: 'insideEndTop' as const, rotate: 0 },
            },
          ]),
    ],
  };
}

/** A distance of 1, 2 or 5 times a power of ten, near `wanted`. */
function tickOf(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  return power * ([1, 2, 5].findLast((step) => step <= wanted / power) ?? 1);
}
