/** A value of a summary: what TensorBoard shows under one tag. */
export interface SummaryValue {
  readonly tag: string;
  /** Which of its pages shows it, and what for. */
  readonly plugin: { readonly name: 'scalars' | 'histograms'; readonly dataClass: 1 | 2 };
  readonly shape: readonly number[];
  readonly values: Float32Array | Float64Array;
}

/** A number over the steps. */
export function scalar(tag: string, value: number): SummaryValue {
  return { tag, plugin: { name: 'scalars', dataClass: 1 }, shape: [], values: Float32Array.of(value) };
}

const BUCKETS = 30;

/** How values are spread: thirty buckets `[left, right, count]` of one width; a single bucket when all values are the same. */
export function histogram(tag: string, values: ArrayLike<number>): SummaryValue {
  const plugin = { name: 'histograms', dataClass: 2 } as const;
  const finite = Array.from(values).filter(Number.isFinite);
  if (finite.length === 0) return { tag, plugin, shape: [0, 3], values: new Float64Array(0) };
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of finite) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  // As TensorBoard's own writer does, so that the bucket has a width.
  if (low === high) return { tag, plugin, shape: [1, 3], values: Float64Array.of(low - 0.5, high + 0.5, finite.length) };
  const width = (high - low) / BUCKETS;
  const table = new Float64Array(BUCKETS * 3);
  for (let i = 0; i < BUCKETS; i++) {
    table[i * 3] = low + i * width;
    table[i * 3 + 1] = i === BUCKETS - 1 ? high : low + (i + 1) * width;
  }
  for (const value of finite) {
    const at = Math.min(BUCKETS - 1, Math.floor((value - low) / width)) * 3 + 2;
    table[at] = (table[at] as number) + 1;
  }
  return { tag, plugin, shape: [BUCKETS, 3], values: table };
}
