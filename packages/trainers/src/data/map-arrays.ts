import { type Arrays, isNdArray, type NdArray } from '@cellstate/core';

/** One thing, several in order, or several by name. */
export type Structure<T> = T | readonly T[] | Readonly<Record<string, T>>;

/** The arrays of a structure in order. */
export function listArrays(arrays: Arrays): readonly NdArray[] {
  if (isNdArray(arrays)) return [arrays];
  return Array.isArray(arrays) ? arrays : Object.values(arrays);
}

/** The same structure with every array replaced. */
export function mapArrays<T>(arrays: Arrays, f: (array: NdArray) => T): Structure<T> {
  if (isNdArray(arrays)) return f(arrays);
  if (Array.isArray(arrays)) return arrays.map(f);
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, f(array)]));
}
