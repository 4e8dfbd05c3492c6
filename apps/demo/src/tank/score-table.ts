import type { Table } from '../example/page.ts';
import type { TankData } from './tank-data.ts';

/** A way to forecast and its error per feature. */
export interface Scored {
  readonly name: string;
  readonly errors: readonly number[];
  /** `rule`: skill is counted against the best of these. `floor`: no forecaster can do better. */
  readonly kind: 'model' | 'rule' | 'floor';
}

/** 1 − error / error of the best naive rule, per feature: above 0 the model earns its keep. */
export function skillOf(errors: readonly number[], scored: readonly Scored[]): number[] {
  const rules = scored.filter(({ kind }) => kind === 'rule');
  return errors.map((error, feature) => 1 - error / Math.min(...rules.map((rule) => rule.errors[feature] as number)));
}

/** A row for each way to forecast: error and skill per feature. */
export function scoreTable(
  scored: readonly Scored[],
  { features, units, caption }: Pick<TankData, 'features' | 'units'> & { caption?: string },
): Table {
  const skills = scored.map(({ errors, kind }) => (kind === 'rule' ? undefined : skillOf(errors, scored)));
  return {
    columns: [
      { title: 'RMSE' },
      ...features.flatMap((name, index) => [{ title: withUnit(name, units[index]) }, { title: 'skill', digits: 2 }]),
    ],
    rows: scored.map(({ name, errors }, index) => [name, ...errors.flatMap((error, feature) => [error, skills[index]?.[feature] ?? ''])]),
    strong: scored.flatMap(({ kind }, index) => (kind === 'model' ? [index] : [])),
    ...(caption === undefined ? {} : { caption }),
  };
}

/** `pressure, kPa`, or the name alone. */
export function withUnit(name: string, unit: string | undefined): string {
  return unit === undefined || unit === '' ? name : `${name}, ${unit}`;
}

/** Errors by name and feature, for metrics.json. */
export function scoreMetrics(scored: readonly Scored[], features: readonly string[]): Record<string, Record<string, number>> {
  return Object.fromEntries(
    scored.map(({ name, errors }) => [name, Object.fromEntries(features.map((feature, index) => [feature, errors[index] as number]))]),
  );
}
