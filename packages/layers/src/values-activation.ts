/** An activation of one number, and its slope where it gave y. */
interface NumberActivation {
  apply(x: number): number;
  slope(y: number): number;
}

/** By Keras' names. */
const FUNCTIONS: Readonly<Record<string, NumberActivation>> = {
  relu: { apply: (x) => (x < 0 ? 0 : x), slope: (y) => (y > 0 ? 1 : 0) },
  sigmoid: { apply: (x) => 1 / (1 + Math.exp(-x)), slope: (y) => y * (1 - y) },
  tanh: { apply: Math.tanh, slope: (y) => 1 - y * y },
};

/** Applies the activation of this name to plain values, in place; null for those that only tensors have. */
export function valuesActivation(name: string): ((values: Float32Array) => void) | null {
  if (name === 'linear') return () => {};
  const activation = FUNCTIONS[name];
  if (activation === undefined) return null;
  const { apply } = activation;
  return (values) => {
    for (let i = 0; i < values.length; i++) values[i] = apply(values[i] as number);
  };
}

/**
 * Takes a derivative by what the activation gave back to one by what it was given, in place; null for those that only tensors have.
 */
export function activationSlope(name: string): ((given: Float32Array, gradient: Float32Array) => void) | null {
  if (name === 'linear') return () => {};
  const activation = FUNCTIONS[name];
  if (activation === undefined) return null;
  const { slope } = activation;
  return (given, gradient) => {
    for (let i = 0; i < gradient.length; i++) gradient[i] = (gradient[i] as number) * slope(given[i] as number);
  };
}
