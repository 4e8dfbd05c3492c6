/**
 * Draws the first values of a parameter: a pure function of shape and seed.
 *
 * The same shape and seed give the same values. Any function of this form may be passed where a layer takes an initializer;
 * without `getConfig` the model cannot be written to a file.
 */
export interface Initializer {
  /** Row-major values of an array of this shape. */
  (shape: readonly number[], seed: number): Float32Array;
  /** Name and options, from which `getInitializer` makes the same initializer again. */
  getConfig?(): InitializerConfig;
}

/** An initializer as plain data: its name and every option. */
export interface InitializerConfig {
  readonly name: string;
  readonly [option: string]: unknown;
}

/** An initializer that can say what it is. All of this package's can. */
export interface NamedInitializer extends Initializer {
  getConfig(): InitializerConfig;
}

/** The option every random initializer takes. */
export interface SeededOptions {
  /** Draw from this seed and not from the one the layer passes. Default: the layer's. Equal shapes then get equal values. */
  readonly seed?: number | null;
}

/** Attaches a config to a draw; a `seed` in the config replaces the seed passed at the call. */
export function withConfig(config: InitializerConfig, draw: (shape: readonly number[], seed: number) => Float32Array): NamedInitializer {
  const own = config.seed;
  const initialize = typeof own === 'number' ? (shape: readonly number[]) => draw(shape, own) : draw;
  return Object.assign((shape: readonly number[], seed: number) => initialize(shape, seed), { getConfig: () => config });
}
