/** Activations of one number, by Keras' names. */
const FUNCTIONS: Readonly<Record<string, (x: number) => number>> = {
  relu: (x) => (x < 0 ? 0 : x),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
};

/** Applies the activation of this name to plain values, in place; null for those that only tensors have. */
export function valuesActivation(name: string): ((values: Float32Array) => void) | null {
  if (name === 'linear') return () => {};
  const apply = FUNCTIONS[name];
  if (apply === undefined) return null;
  return (values) => {
    for (let i = 0; i < values.length; i++) values[i] = apply(values[i] as number);
  };
}
