import type { Figure } from '../example/page.ts';
import { AXIS, drawChart, LEGEND } from '../report/chart.ts';

export interface LearningCurve {
  readonly name: string;
  /** The loss of each epoch. */
  readonly losses: readonly number[];
}

/** Loss by epoch on a logarithmic axis, a line for each training. */
export function learningCurves(curves: readonly LearningCurve[], caption: string): Figure {
  const values = curves.flatMap(({ losses }) => losses).filter((loss) => loss > 0);
  const svg = drawChart(
    ({ narrow }) => ({
      color: CURVE_COLOURS,
      legend: { ...LEGEND, show: curves.length > 1, data: curves.map(({ name }) => name) },
      grid: { left: 52, right: 16, top: curves.length > 1 ? (narrow ? 28 + 20 * Math.floor(curves.length / 3) : 36) : 14, bottom: 42 },
      xAxis: {
        ...AXIS,
        type: 'value',
        name: 'epoch',
        nameLocation: 'middle',
        nameGap: 26,
        min: 1,
        max: 'dataMax',
        splitLine: { show: false },
        minInterval: 1,
      },
      yAxis: {
        ...AXIS,
        type: 'log',
        min: decade(Math.min(...values), Math.floor),
        max: decade(Math.max(...values), Math.ceil),
        axisLabel: { ...AXIS.axisLabel, formatter: plainNumber },
      },
      series: curves.map(({ name, losses }) => ({
        name,
        type: 'line' as const,
        showSymbol: losses.length === 1,
        lineStyle: { width: 2 },
        data: losses.map((loss, epoch) => [epoch + 1, loss]),
      })),
    }),
    { wide: 280, narrow: 240 },
  );
  return { caption, ...svg };
}

/** Colours of several lines of equal rank, in order. */
const CURVE_COLOURS: string[] = ['var(--c1)', 'var(--c2)', 'var(--c3)', 'var(--c4)', 'var(--c5)', 'var(--c6)', 'var(--c7)', 'var(--c8)'];

/** The nearest 1, 2 or 5 times a power of ten below or above. */
function decade(value: number, round: (value: number) => number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const steps = [1, 2, 5, 10];
  const ratio = value / power;
  const step = round === Math.floor ? steps.findLast((s) => s <= ratio) : steps.find((s) => s >= ratio);
  return power * (step ?? 1);
}

function plainNumber(value: number): string {
  return String(Number(value.toPrecision(2)));
}
