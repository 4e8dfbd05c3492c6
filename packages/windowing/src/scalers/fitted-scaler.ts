import { CellstateError, checkOptions, isNdArray, type NdArray, ndarray } from '@cellstate/core';
import { featuresDiffer, isAsyncSource, openSource, type RowSource, writeRow } from '../series/row-source.ts';
import { createSeries, defaultNames, featureIndices, isSeries, type Series, type SeriesInput, toSeries } from '../series/series.ts';
import type { ColumnJson, ColumnTransform } from './column-transform.ts';
import { type Grid, gridOf, transformGrid } from './transform-grid.ts';

/** Which rows a scaler was fitted on. */
export interface FitRange {
  readonly steps: number;
  /** First row in the series that was split; absent for a whole one. */
  readonly start?: number;
  /** First row behind. */
  readonly end?: number;
}

/** Options of `transform` and `inverse`. */
export interface ScalerContext {
  /** Rows in original units that come right before these values; the last `context` of them are used. */
  readonly after?: SeriesInput;
}

/** A scaler fitted to data. Values in, values out; nothing is changed in place. */
export interface FittedScaler {
  /** Names of the features it was fitted on, in order. */
  readonly names: readonly string[];
  /** Rows used up by `transform`: 0 for scaling, the greatest lag for differences. */
  readonly context: number;
  readonly fittedOn: FitRange;
  /**
   * Scales a series, or an array whose last axis is features and, if `context` is above 0, whose last but one is time.
   *
   * n steps give n - context; with `after` they give n. A list gives a list, async rows give async rows.
   * Throws `FEATURES_DIFFER`, `NAMES_DIFFER`, `SERIES_TOO_SHORT`, `CONTEXT_MISSING`.
   */
  transform(values: Series, options?: ScalerContext): Series;
  transform(values: NdArray, options?: ScalerContext): NdArray;
  transform(values: readonly Series[]): Series[];
  transform(values: SeriesInput, options?: ScalerContext): Series;
  transform(values: RowSource, options?: ScalerContext): AsyncIterable<Float32Array>;
  /** Takes scaled values back. With a context of 0 it needs nothing; else `after`, or a series that `transform` made, whose first rows return too. */
  inverse(values: Series, options?: ScalerContext): Series;
  inverse(values: NdArray, options?: ScalerContext): NdArray;
  inverse(values: readonly Series[]): Series[];
  inverse(values: SeriesInput, options?: ScalerContext): Series;
  /** The scaler of these features alone, by name or index: for forecasts of some of the features. */
  select(features: readonly (string | number)[]): FittedScaler;
  /** Plain data, for `scalerFromJson`. */
  toJSON(): ScalerJson;
}

/** A fitted scaler as plain data. */
export interface ScalerJson {
  readonly names: readonly string[];
  readonly columns: readonly ColumnJson[];
  readonly fittedOn: FitRange;
}

/** Puts column transforms together. */
export function fittedScaler({
  names,
  columns,
  fittedOn,
}: {
  readonly names: readonly string[];
  readonly columns: readonly ColumnTransform[];
  readonly fittedOn: FitRange;
}): FittedScaler {
  const context = Math.max(0, ...columns.map((column) => column.context));

  function apply(values: unknown, options: ScalerContext, direction: 'transform' | 'inverse'): unknown {
    const where = `scaler.${direction}`;
    checkOptions(options, ['after'], where);
    if (isAsyncSource(values)) return transformRows(values as RowSource, options);
    if (Array.isArray(values) && isSeries(values[0])) return values.map((item: Series) => apply(item, options, direction));
    if (isNdArray(values) && !isSeries(values)) {
      const grid = gridOf(values, columns.length, where);
      const result = transformGrid(grid, { columns, context, direction, after: afterGrid(options.after, { of: grid, where }), where });
      const shape = values.shape.length === 1 ? [columns.length] : [...values.shape.slice(0, -2), result.time, columns.length];
      return ndarray(result.data, shape, values.origin);
    }
    const whole = toSeries(values as SeriesInput, { where });
    checkNames(whole, where);
    return direction === 'transform' ? transformSeries(whole, options) : inverseSeries(whole, options);
  }

  function transformSeries(whole: Series, options: ScalerContext): Series {
    const where = 'scaler.transform';
    const grid = gridOf(whole, columns.length, where);
    const after = options.after === undefined ? undefined : afterGrid(options.after, { of: grid, where });
    const { data } = transformGrid(grid, { columns, context, direction: 'transform', after, where });
    const used = after === undefined ? context : 0;
    const part = whole.part === undefined ? {} : { part: { ...whole.part, start: whole.part.start + used } };
    return createSeries(data, whole.names, used === 0 ? part : { ...part, before: whole.rows(0, context) });
  }

  function inverseSeries(scaled: Series, options: ScalerContext): Series {
    const where = 'scaler.inverse';
    const before = options.after === undefined && context > 0 ? scaled.before : undefined;
    const grid = gridOf(scaled, columns.length, where);
    const { data } = transformGrid(grid, {
      columns,
      context,
      direction: 'inverse',
      after: afterGrid(options.after ?? before, { of: grid, where }),
      where,
    });
    const resultNames = isDefault(scaled.names) ? names : scaled.names;
    if (before === undefined) return createSeries(data, resultNames, scaled.part === undefined ? {} : { part: scaled.part });
    const joined = new Float32Array(before.values.length + data.length);
    joined.set(before.values);
    joined.set(data, before.values.length);
    return createSeries(
      joined,
      resultNames,
      scaled.part === undefined ? {} : { part: { ...scaled.part, start: scaled.part.start - context } },
    );
  }

  async function* transformRows(source: RowSource, options: ScalerContext): AsyncGenerator<Float32Array> {
    const where = 'scaler.transform';
    const passes = columns.map((column) => column.forward());
    const known = options.after === undefined ? undefined : toSeries(options.after, { where: `${where}, after` });
    if (known !== undefined && known.steps < context) throw contextMissing(context, known.steps, where);
    const features = columns.length;
    const row = new Float32Array(features);
    let taken = 0;
    for (let step = 0; step < (known === undefined ? 0 : context); step++) {
      const from = (known as Series).steps - context + step;
      for (const [feature, pass] of passes.entries()) pass((known as Series).values[from * features + feature] as number, where);
      taken++;
    }
    for await (const given of openSource(source, where)) {
      writeRow(given, { into: row, offset: 0, features, index: taken, where });
      const result = Float32Array.from(passes, (pass, feature) => pass(row[feature] as number, `${where}, row ${taken}`) ?? Number.NaN);
      if (taken++ >= context) yield result;
    }
  }

  function afterGrid(after: SeriesInput | undefined, { of, where }: { readonly of: Grid; readonly where: string }): Grid | undefined {
    if (context === 0 || (after === undefined && where === 'scaler.transform')) return undefined;
    if (after === undefined) throw contextMissing(context, 0, where);
    const at = `${where}, after`;
    const known =
      isNdArray(after) && !isSeries(after) ? gridOf(after, columns.length, at) : gridOf(toSeries(after, { where: at }), columns.length, at);
    if (known.time < context || known.outer !== of.outer) throw contextMissing(context, known.time, where);
    return known;
  }

  function checkNames(values: Series, where: string): void {
    if (values.features !== columns.length) throw featuresDiffer(columns.length, values.features, where);
    if (isDefault(values.names) || isDefault(names) || values.names.every((name, index) => name === names[index])) return;
    throw new CellstateError('NAMES_DIFFER', 'The scaler was fitted on other features, or in another order.', {
      expected: names.join(', '),
      received: values.names.join(', '),
      where,
      hint: 'Bring the features into order with series.select, or take scaler.select.',
    });
  }

  return {
    names,
    context,
    fittedOn,
    transform: ((values: unknown, options: ScalerContext = {}) => apply(values, options, 'transform')) as FittedScaler['transform'],
    inverse: ((values: unknown, options: ScalerContext = {}) => apply(values, options, 'inverse')) as FittedScaler['inverse'],
    select(features) {
      const indices = featureIndices(features, names, 'scaler.select');
      return fittedScaler({
        names: indices.map((index) => names[index] as string),
        columns: indices.map((index) => columns[index] as ColumnTransform),
        fittedOn,
      });
    },
    toJSON: () => ({ names, columns: columns.map((column) => column.toJSON()), fittedOn }),
  };
}

function isDefault(names: readonly string[]): boolean {
  const defaults = defaultNames(names.length);
  return names.every((name, index) => name === defaults[index]);
}

function contextMissing(context: number, received: number, where: string): CellstateError {
  return new CellstateError('CONTEXT_MISSING', 'These scaled values are changes; the rows right before them are needed.', {
    expected: `at least ${context} row${context === 1 ? '' : 's'} in original units, for each series`,
    received: `${received}`,
    where: `${where}, after`,
    hint: 'Pass { after: history }, the rows that end where these values begin.',
  });
}
