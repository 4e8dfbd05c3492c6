import type { BacktestScores } from './backtest-result.ts';
import type { ForecastKind } from './forecast-result.ts';

/** What there is to say about a backtest. */
export interface BacktestFacts {
  readonly scores: BacktestScores;
  readonly metricName: string;
  readonly kind: ForecastKind;
  readonly method: string;
  readonly origins: readonly number[];
  readonly horizon: number;
  readonly stride: number;
  readonly names: readonly string[];
  readonly count: number;
}

/** Columns of naive rules that fit into 80 characters beside the others. */
const RULES = 3;

/** Draws the errors at some steps ahead, feature by feature, with naive rules and skill, at most 80 columns wide. */
export function explainBacktest({ scores, metricName, kind, method, origins, horizon, stride, names, count }: BacktestFacts): string {
  const rules = Object.keys(scores.naive).slice(0, RULES);
  const steps = [...new Set([0, Math.floor(horizon / 4), Math.floor(horizon / 2), horizon - 1])];
  const rows = names.flatMap((name, feature) =>
    steps.map((step) => [
      name,
      String(step + 1),
      figure(scores.forecast.perStepAndFeature[step]?.[feature]),
      ...rules.map((rule) => figure(scores.naive[rule]?.perStepAndFeature[step]?.[feature])),
      skillFigure(scores.skill.perStepAndFeature[step]?.[feature] as number),
    ]),
  );
  const losses = names.flatMap((name, feature) => {
    const behind = scores.skill.perStepAndFeature.flatMap((row, step) => ((row[feature] as number) <= 0 ? [step + 1] : []));
    return behind.length === 0 ? [] : [`  ${cut(name, 20)}: no better than the best rule at ${ranges(behind)}.`];
  });
  const spacing = stride === 1 ? 'at every step' : `every ${stride} steps`;
  return [
    `backtest of ${cut(method, 20)}: ${origins.length} origin${origins.length === 1 ? '' : 's'} ${spacing} from step ${origins[0]}, ${kind}`,
    `  ${metricName}${count === 1 ? '' : ` over ${count} series`}, skill against the best naive rule`,
    '',
    ...table([['feature', 'ahead', cut(method, 11), ...rules, 'skill'], ...rows]),
    '',
    ...(losses.length === 0 ? ['  Better than every rule at every step ahead.'] : losses),
  ].join('\n');
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] as readonly string[]).map((_, column) => Math.max(...rows.map((row) => cut(row[column] as string, 17).length)));
  return rows.map((row) => {
    const cells = row.map((cell, column) => {
      const text = cut(cell, 17);
      return column === 0 ? text.padEnd(widths[column] as number) : text.padStart(widths[column] as number);
    });
    return `  ${cells.join('  ')}`;
  });
}

function figure(value: number | undefined): string {
  return value === undefined ? '' : value.toPrecision(4);
}

function skillFigure(value: number): string {
  return Number.isFinite(value) ? value.toFixed(3) : '-∞';
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** `steps 1–3, 7`: successive numbers joined, at most four parts. */
function ranges(steps: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const step of steps) {
    const last = parts.at(-1);
    if (last !== undefined && last[1] === step - 1) last[1] = step;
    else parts.push([step, step]);
  }
  const text = parts.slice(0, 4).map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`));
  return `step${steps.length === 1 ? '' : 's'} ${text.join(', ')}${parts.length > 4 ? ', …' : ''} ahead`;
}
