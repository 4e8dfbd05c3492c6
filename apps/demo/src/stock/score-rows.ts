import type { BacktestResult } from '@cellstate/forecasting';
import type { Column } from '../example/page.ts';
import { cellText } from '../terminal/text-table.ts';
import { type Spread, spreadOf } from './spread.ts';

/** The naive errors of one stock on the same days. */
export interface NaiveErrors {
  readonly persistence: number;
  readonly drift: number;
}

export const SCORE_COLUMNS: readonly Column[] = [{ title: 'RMSE', digits: 1 }, { title: '± sd', digits: 1 }, { title: 'skill' }];

/** Errors of persistence and drift for one stock. */
export function naiveErrors(naive: BacktestResult, feature: number): NaiveErrors {
  const { persistence, drift } = naive.scores().naive;
  return { persistence: persistence?.perFeature[feature] as number, drift: drift?.perFeature[feature] as number };
}

/** `1 − error / error of persistence`: above 0 the model earns its keep. */
export function skillAgainst(error: number, { persistence }: NaiveErrors): number {
  return 1 - error / persistence;
}

/** Mean, spread and skill of one way, as the score columns show them. */
export function scoreCells(errors: readonly number[], naive: NaiveErrors): (string | number)[] {
  const { mean, sd } = spreadOf(errors);
  return [mean, errors.length < 2 ? '' : sd, skillAgainst(mean, naive)];
}

/** The naive rows below them. */
export function naiveCells(naive: NaiveErrors): { readonly persistence: (string | number)[]; readonly drift: (string | number)[] } {
  return { persistence: [naive.persistence, '', 0], drift: [naive.drift, '', skillAgainst(naive.drift, naive)] };
}

/** A skill in running text, with its sign. */
export function skillText(skill: number, digits = 3): string {
  const text = cellText(skill, digits);
  return skill > 0 ? `+${text}` : text;
}

/** Numbers of one way for metrics.json. */
export function scoreMetric(errors: readonly number[], naive: NaiveErrors): Record<string, number | readonly number[]> {
  const { mean, sd }: Spread = spreadOf(errors);
  return { mean, sd, skill: skillAgainst(mean, naive), errors };
}
