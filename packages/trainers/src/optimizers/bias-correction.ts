/**
 * `1 − βᵗ` by which a running mean that began at zero is divided, in float32 as Keras computes it: for β = 0.999 the first steps are 6e-6
 * off, and a training that leaves that out drifts from Keras'.
 */
export function biasCorrection(beta: number, iteration: number): number {
  return Math.fround(1 - Math.fround(Math.fround(beta) ** iteration));
}
