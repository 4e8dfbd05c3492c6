import { CellstateError } from '@cellstate/core';

/** The options that are on or off; a name means the same in every layer. */
const BOOLEANS = [
  'center',
  'goBackwards',
  'keepdims',
  'maskZero',
  'normalize',
  'resetAfter',
  'returnAttentionScores',
  'returnSequences',
  'returnState',
  'renorm',
  'scale',
  'stateful',
  'trainable',
  'unitForgetBias',
  'unroll',
  'useBias',
  'useCausalMask',
  'useGate',
  'useScale',
  'zeroOutputForMask',
] as const;

/**
 * Throws `INVALID_OPTION` for a boolean option that is no boolean, and for a `seed` that is neither a safe integer nor null. What is
 * undefined takes its default.
 *
 * @param where the factory: `dense`.
 */
export function checkOptionTypes(options: object, where: string): void {
  const values = options as Readonly<Record<string, unknown>>;
  for (const name of BOOLEANS) checkBoolean(values[name], name, where);
  checkSeed(values.seed, where);
}

/** Throws `INVALID_OPTION` unless the option is undefined or a boolean. */
export function checkBoolean(value: unknown, name: string, where: string): void {
  if (value === undefined || typeof value === 'boolean') return;
  throw new CellstateError('INVALID_OPTION', `The option ${name} is a boolean.`, {
    expected: 'true or false',
    received: shown(value),
    where,
  });
}

/** Throws `INVALID_OPTION` unless the seed is undefined, null or a safe integer. */
export function checkSeed(value: unknown, where: string): void {
  if (value === undefined || value === null || Number.isSafeInteger(value)) return;
  throw new CellstateError('INVALID_OPTION', 'A seed is a safe integer.', {
    expected: 'an integer of at most 2^53 - 1, or null for the default',
    received: shown(value),
    where: `${where}, seed`,
  });
}

/** A text in quotes, so that 'true' is not taken for true. */
function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
