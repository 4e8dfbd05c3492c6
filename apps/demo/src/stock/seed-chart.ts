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
  const round = 10 ** Math.floor(Math.log10(most - least || 1));
  const svg = drawChart(
    ({ narrow }) => ({
      grid: { left: narrow ? 8 : 178, right: 18, top: 30, bottom: 42 },
      xAxis: {
        ...AXIS,
        type: 'value',
        min: Math.floor(least / round - 0.2) * round,
        max: Math.ceil(most / round + 0.2) * round,
        name: xName,
        nameLocation: 'middle',
        nameGap: 26,
        splitNumber: narrow ? 4 : 7,
      },
      yAxis: {
        ...AXIS,
        type: 'category',
        inverse: true,
        data: rows.map(({ name }) => name),
        axisLabel: narrow
          ? { ...AXIS.axisLabel, inside: true, margin: 2, align: 'left', verticalAlign: 'bottom', padding: [0, 0, 9, 0] }
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
            label: { formatter: `${rule.name} ${rule.value.toFixed(1)}`, color: 'var(--ink)', fontSize: 12, position: 'end' },
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
