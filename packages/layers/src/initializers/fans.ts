import { size } from '@cellstate/core';

/** How many inputs reach a unit, and how many outputs an input reaches, for a kernel of this shape, by Keras' rule. */
export function fans(shape: readonly number[]): { readonly fanIn: number; readonly fanOut: number } {
  if (shape.length === 0) return { fanIn: 1, fanOut: 1 };
  if (shape.length === 1) return { fanIn: shape[0] as number, fanOut: shape[0] as number };
  const receptiveField = size(shape.slice(0, -2));
  return { fanIn: (shape.at(-2) as number) * receptiveField, fanOut: (shape.at(-1) as number) * receptiveField };
}
