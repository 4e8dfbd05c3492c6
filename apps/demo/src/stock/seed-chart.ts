import type { Figure } from '../example/page.ts';
import { AXIS, drawChart } from '../report/chart.ts';
import { spreadOf } from './spread.ts';

export interface SeedRow {
  readonly name: string;
  /** A value for each seed. */
  readonly values: readonly number[];
}

export interface SeedChartOptions {
  /** What the rows are held against, a vertical line. */
  readonly rule: { readonly name: string; readonly value: number };
  readonly xName: string;
  readonly caption: string;
}

/** A row of dots for each way, one for each seed, with a bar at their mean. */
export function seedChart(rows: readonly SeedRow[], { rule, xName, caption }: SeedChartOptions): Figure {
  const all = [...rows.flatMap(({ values }) => values), rule.value];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const tick = roundTick((most - least) / 7);
  const svg = drawChart(
    ({ narrow }) => ({
      grid: { left: narrow ? 8 : 178, right: 18, top: 30, bottom: 42 },
      xAxis: {
        ...AXIS,
        type: 'value',
        min: Math.max(0, Math.floor(least / tick - 0.3) * tick),
        max: Math.ceil(most / tick + 0.3) * tick,
        name: xName,
        nameLocation: 'middle',
        nameGap: 26,
        interval: narrow ? 2 * tick : tick,
      },
      yAxis: {
        ...AXIS,
        type: 'category',
        inverse: true,
        data: rows.map(({ name }) => name),
        position: narrow ? 'right' : 'left',
        axisLabel: narrow
          ? { ...AXIS.axisLabel, inside: true, margin: 2, align: 'right', verticalAlign: 'bottom', padding: [0, 0, 10, 0] }
          : { ...AXIS.axisLabel, fontSize: 12.5 },
        splitLine: { show: true, lineStyle: { color: 'var(--rule)' } },
      },
      series: [
        {
          type: 'scatter',
          symbolSize: narrow ? 9 : 10,
          itemStyle: { color: 'var(--c1)', opacity: 0.6 },
          data: rows.flatMap(({ values }, row) => values.map((value) => [value, row])),
          markLine: {
            silent: true,
            symbol: 'none',
            lineStyle: { color: 'var(--ink)', type: 'dashed', width: 1.3 },
            label: {
              formatter: `${rule.name} ${rule.value.toFixed(1)}`,
              color: 'var(--ink)',
              fontSize: 12,
              position: 'start',
              align: rule.value < (least + most) / 2 ? 'left' : 'right',
            },
            data: [{ xAxis: rule.value }],
          },
        },
        {
          type: 'scatter',
          symbol: 'rect',
          symbolSize: [3, 24],
          itemStyle: { color: 'var(--c2)' },
          data: rows.map(({ values }, row) => [spreadOf(values).mean, row]),
        },
      ],
    }),
    { wide: 90 + rows.length * 42, narrow: 96 + rows.length * 58 },
  );
  return { caption, ...svg };
}

/** The nearest 1, 2 or 5 times a power of ten from `span` up. */
function roundTick(span: number): number {
  const power = 10 ** Math.floor(Math.log10(span || 1));
  return power * ([1, 2, 5].find((step) => step * power >= span) ?? 10);
}
