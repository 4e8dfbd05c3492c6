import { CellstateError, describe, type NdArray } from '@cellstate/core';
import type { ColumnTransform } from './column-transform.ts';

/** Values as `[outer, time, features]`. */
export interface Grid {
  readonly data: ArrayLike<number>;
  readonly outer: number;
  readonly time: number;
  readonly features: number;
}

/** An array whose last axis is features and whose last but one is time. */
export function gridOf(array: NdArray, features: number, where: string): Grid {
  const { shape } = array;
  if (shape.length === 0 || shape.at(-1) !== features) {
    throw new CellstateError('FEATURES_DIFFER', 'The last axis must hold the features the scaler was fitted on.', {
      expected: `[…, ${features}]`,
      received: describe(shape),
      where,
      hint: 'For some of the features: scaler.select([…]).',
    });
  }
  const time = shape.length === 1 ? 1 : (shape.at(-2) as number);
  return { data: array.data, outer: shape.slice(0, -2).reduce((product, length) => product * length, 1), time, features };
}

/** Runs each feature's transform along time. Transforming without `after` uses up `context` steps. */
export function transformGrid(
  grid: Grid,
  options: {
    readonly columns: readonly ColumnTransform[];
    readonly context: number;
    readonly direction: 'transform' | 'inverse';
    readonly after: Grid | undefined;
    readonly where: string;
  },
): { readonly data: Float32Array; readonly time: number } {
  const { columns, context, direction, after, where } = options;
  const { outer, time, features } = grid;
  const used = direction === 'transform' && after === undefined ? context : 0;
  if (time <= used && context > 0 && used > 0) {
    throw new CellstateError('SERIES_TOO_SHORT', 'Nothing is left once differences are taken.', {
      expected: `more than ${used} step${used === 1 ? '' : 's'}`,
      received: `${time}`,
      where,
    });
  }
  const kept = time - used;
  const data = new Float32Array(outer * kept * features);
  for (let part = 0; part < outer; part++) {
    for (const [feature, column] of columns.entries()) {
      const value = (step: number) => grid.data[(part * time + step) * features + feature] as number;
      const known = after === undefined ? [] : lastValues(after, { part, feature, count: context });
      if (direction === 'inverse') {
        const back = column.inverse(known.slice(known.length - column.context));
        for (let step = 0; step < time; step++) data[(part * kept + step) * features + feature] = back(value(step));
        continue;
      }
      const forward = column.forward();
      for (const earlier of known) forward(earlier, `${where}, after`);
      for (let step = 0; step < time; step++) {
        const result = forward(value(step), `${where}, step ${step}`);
        if (step >= used) data[(part * kept + step - used) * features + feature] = result as number;
      }
    }
  }
  return { data, time: kept };
}

function lastValues(
  grid: Grid,
  { part, feature, count }: { readonly part: number; readonly feature: number; readonly count: number },
): number[] {
  return Array.from({ length: count }, (_, index) => {
    return grid.data[(part * grid.time + grid.time - count + index) * grid.features + feature] as number;
  });
}
