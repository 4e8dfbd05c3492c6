/** A shape seen from one of its axes: `[product of the axes before it, its size, product of those after it]`. */
export function axisView(shape: readonly number[], axis: number): [outer: number, size: number, inner: number] {
  const product = (sizes: readonly number[]) => sizes.reduce((total, size) => total * size, 1);
  return [product(shape.slice(0, axis)), shape[axis] as number, product(shape.slice(axis + 1))];
}
