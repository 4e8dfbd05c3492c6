import type { EChartsOption } from 'echarts';
import type { Figure } from '../example/page.ts';
import { AXIS, type ChartSize, drawChart, LEGEND } from '../report/chart.ts';

/** One panel: a feature of one series. */
export interface ForecastPanel {
  /** What is drawn, with its unit: `pressure of T3, kPa`. */
  readonly title: string;
  /** Readings before the origin and, where they are known, after it. */
  readonly truth: ArrayLike<number>;
  /** The index in `truth` of the last reading the forecast knew. */
  readonly origin: number;
  readonly lines: readonly ForecastLine[];
}

export interface ForecastLine {
  readonly name: string;
  /** Values from the step after the origin. */
  readonly values: readonly number[];
}

export interface ForecastChartOptions {
  /** A time for each step from the first of `truth` on. */
  readonly labels: readonly string[];
  readonly caption: string;
  /** What the horizontal axis counts, when its labels do not say it. */
  readonly xName?: string;
  /** What the truth is called in the legend; default `readings`. */
  readonly truthName?: string;
}

const COLOURS = ['var(--c1)', 'var(--c2)', 'var(--c3)', 'var(--c4)'];

/** Truth, forecast and naive lines over time, a panel for each feature, with the origin marked. */
export function forecastChart(
  panels: readonly ForecastPanel[],
  { labels, caption, xName, truthName = 'readings' }: ForecastChartOptions,
): Figure {
  const wideHeight = 60 + panels.length * 224;
  const narrowHeight = 80 + panels.length * 204;
  const svg = drawChart((size) => option(panels, { labels, xName, truthName, size }), { wide: wideHeight, narrow: narrowHeight });
  return { caption, ...svg };
}

interface Drawing {
  readonly labels: readonly string[];
  readonly xName: string | undefined;
  readonly truthName: string;
  readonly size: ChartSize;
}

function option(panels: readonly ForecastPanel[], { labels, xName, truthName, size }: Drawing): EChartsOption {
  const { height, narrow } = size;
  const names = [...new Set(panels.flatMap(({ lines }) => lines.map(({ name }) => name)))];
  const top = narrow && names.length > 2 ? 54 : 32;
  const each = (height - top - (xName === undefined ? 0 : 20)) / panels.length;
  const place = (index: number) => ({ left: narrow ? 40 : 52, right: narrow ? 12 : 16, top: top + index * each + 28, height: each - 62 });
  return {
    legend: { ...LEGEND, data: [{ name: truthName, itemStyle: { color: 'var(--ink)' } }, ...names] },
    title: panels.map(({ title }, index) => ({
      text: title,
      left: 0,
      top: top + index * each,
      padding: 0,
      textStyle: { color: 'var(--ink)', fontSize: 13, fontWeight: 600 },
    })),
    grid: panels.map((_, index) => place(index)),
    xAxis: panels.map((_, index) => ({
      ...AXIS,
      type: 'category' as const,
      gridIndex: index,
      data: [...labels],
      boundaryGap: false,
      ...(xName === undefined || index < panels.length - 1 ? {} : { name: xName, nameLocation: 'middle' as const, nameGap: 26 }),
      axisLabel: { ...AXIS.axisLabel, ...timeLabels(labels, narrow ? 4 : 8), hideOverlap: true },
    })),
    yAxis: panels.map((_, index) => ({ ...AXIS, type: 'value' as const, gridIndex: index, scale: true, splitNumber: 3 })),
    series: panels.flatMap((panel, index) => seriesOf(panel, { index, names, truthName })),
  };
}

function seriesOf(
  { truth, origin, lines }: ForecastPanel,
  { index, names, truthName }: { index: number; names: readonly string[]; truthName: string },
) {
  const axes = { type: 'line' as const, xAxisIndex: index, yAxisIndex: index, showSymbol: false };
  const truthLine = {
    ...axes,
    name: truthName,
    data: Array.from(truth),
    z: 3,
    lineStyle: { color: 'var(--ink)', width: 1.4 },
    itemStyle: { color: 'var(--ink)' },
    markLine: {
      silent: true,
      symbol: 'none' as const,
      label: { show: false },
      lineStyle: { color: 'var(--faint)', type: 'dashed' as const, width: 1 },
      data: [{ xAxis: origin }],
    },
  };
  const others = lines.map(({ name, values }) => {
    const colour = COLOURS[names.indexOf(name) % COLOURS.length] as string;
    return {
      ...axes,
      name,
      z: names.indexOf(name) === 0 ? 4 : 2,
      data: [...Array.from({ length: origin + 1 }, (_, step) => (step === origin ? (truth[origin] as number) : null)), ...values],
      lineStyle: {
        color: colour,
        width: names.indexOf(name) === 0 ? 2.4 : 1.6,
        type: names.indexOf(name) === 0 ? ('solid' as const) : ('dashed' as const),
      },
      itemStyle: { color: colour },
    };
  });
  return [truthLine, ...others];
}

/** About `wanted` labels; times with a clock that span several days are labelled by their date, at midnight. */
function timeLabels(labels: readonly string[], wanted: number) {
  const every = Math.max(1, Math.ceil(labels.length / wanted));
  const midnights = labels.flatMap((label, index) => (/[T ]00:00/.test(label) ? [index] : []));
  if (midnights.length < 3) return { interval: every - 1 };
  const skip = Math.ceil(midnights.length / wanted);
  const shown = new Set(midnights.filter((_, index) => index % skip === 0));
  return { interval: (index: number) => shown.has(index), formatter: (label: string) => label.slice(5, 10) };
}
