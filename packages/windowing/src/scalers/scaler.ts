import { CellstateError } from '@cellstate/core';
import { isAsyncSource, openSource, type RowSource, rowFeatures, writeRow } from '../series/row-source.ts';
import { defaultNames, type Series } from '../series/series.ts';
import { type SeriesListInput, toSeriesList } from '../series/series-list.ts';
import type { ColumnFit, ColumnTransform } from './column-transform.ts';
import { type FitRange, type FittedScaler, fittedScaler } from './fitted-scaler.ts';

/** A way to scale, not yet fitted to data. */
export interface Scaler {
  /**
   * Learns from a training part: a series, a list of series (all counted together), an array, or async rows.
   *
   * Throws `SCALER_SEES_FUTURE` for a part that `splitSeries` named validation or test, `NO_STEPS` for an empty one.
   */
  fit(train: SeriesListInput): FittedScaler;
  fit(train: RowSource): Promise<FittedScaler>;
  /** How one feature is learnt: for `chain` and `perFeature`. */
  readonly learn: (feature: string) => ColumnLearner;
}

/** How one feature is learnt. */
export interface ColumnLearner {
  readonly fit: () => ColumnFit;
  /** Whether the result depends on the data; false for differences and log returns. */
  readonly needsData: boolean;
}

/** A scaler that learns every feature the same way. */
export function scalerOf(where: string, fit: () => ColumnFit, { needsData = true }: { readonly needsData?: boolean } = {}): Scaler {
  return scalerFrom(where, () => ({ fit, needsData }));
}

/** A scaler that learns each feature by what `learn` returns for its name. */
export function scalerFrom(
  where: string,
  learn: (feature: string) => ColumnLearner,
  check: (names: readonly string[]) => void = () => {},
): Scaler {
  function fit(train: SeriesListInput): FittedScaler;
  function fit(train: RowSource): Promise<FittedScaler>;
  function fit(train: SeriesListInput | RowSource): FittedScaler | Promise<FittedScaler> {
    const at = `${where}.fit`;
    if (isAsyncSource(train)) return fitRows(train as RowSource, { learn, check, where: at });
    const list = toSeriesList(train as SeriesListInput, at);
    const names = (list[0] as Series).names;
    check(names);
    for (const item of list) refuseFuture(item, at);
    const range = fitRange(list);
    if (range.steps === 0) throw noData(at);
    const columns = names.map((name, feature) => {
      const learnt = learn(name).fit();
      for (const { values, steps, features } of list) {
        learnt.restart();
        for (let step = 0; step < steps; step++) learnt.add(values[step * features + feature] as number, `${at}, step ${step}, ${name}`);
      }
      return learnt.finish();
    });
    return fittedScaler({ names, columns, fittedOn: range });
  }
  return { fit, learn };
}

async function fitRows(
  source: RowSource,
  {
    learn,
    check,
    where,
  }: { readonly learn: (feature: string) => ColumnLearner; readonly check: (names: readonly string[]) => void; readonly where: string },
): Promise<FittedScaler> {
  let names: readonly string[] = [];
  let fits: ColumnFit[] = [];
  let values = new Float32Array(0);
  let steps = 0;
  for await (const row of openSource(source, where)) {
    if (steps === 0) {
      names = defaultNames(rowFeatures(row));
      check(names);
      fits = names.map((name) => learn(name).fit());
      values = new Float32Array(names.length);
    }
    writeRow(row, { into: values, offset: 0, features: names.length, index: steps, where });
    for (const [feature, learnt] of fits.entries()) learnt.add(values[feature] as number, `${where}, step ${steps}, ${names[feature]}`);
    steps++;
  }
  if (steps === 0) throw noData(where);
  const columns: ColumnTransform[] = fits.map((learnt) => learnt.finish());
  return fittedScaler({ names, columns, fittedOn: { steps } });
}

function fitRange(list: readonly Series[]): FitRange {
  const steps = list.reduce((sum, item) => sum + item.steps, 0);
  const part = list.length === 1 ? list[0]?.part : undefined;
  return part === undefined ? { steps } : { steps, start: part.start, end: part.end };
}

function refuseFuture({ part }: Series, where: string): void {
  if (part === undefined || part.name === 'train' || part.name === 'rows') return;
  throw new CellstateError('SCALER_SEES_FUTURE', `A scaler must not be fitted on the ${part.name} part.`, {
    expected: 'the training part',
    received: `the ${part.name} part, rows ${part.start} to ${part.end - 1}`,
    where,
    hint: 'Fit on split.train, then transform every part with the fitted scaler.',
  });
}

function noData(where: string): CellstateError {
  return new CellstateError('NO_STEPS', 'There is nothing to fit a scaler on.', { expected: 'at least one step', received: 'none', where });
}
