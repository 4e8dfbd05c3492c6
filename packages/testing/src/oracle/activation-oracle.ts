const FUNCTIONS = {
  tanh: Math.tanh,
  sigmoid: (x: number) => 1 / (1 + Math.exp(-x)),
  relu: (x: number) => Math.max(x, 0),
  /** Keras 3: a sixth of the slope of Keras 2's fifth. */
  hard_sigmoid: (x: number) => Math.min(Math.max(x / 6 + 0.5, 0), 1),
  linear: (x: number) => x,
} as const;

/** Activations the oracle knows, by Keras' names. */
export type OracleActivation = keyof typeof FUNCTIONS;

/** Their names, to run a test over each. */
export const ORACLE_ACTIVATIONS: readonly OracleActivation[] = Object.keys(FUNCTIONS) as OracleActivation[];

export function activationOracle(name: OracleActivation): (x: number) => number {
  return FUNCTIONS[name];
}
