/** The mean of several seeds and how far they lie apart. */
export interface Spread {
  readonly mean: number;
  /** Standard deviation of the sample; 0 for one value. */
  readonly sd: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)) };
}

/** `82.4 ± 3.1` */
export function spreadText({ mean, sd }: Spread, digits = 1): string {
  return `${mean.toFixed(digits)} ± ${sd.toFixed(digits)}`;
}
