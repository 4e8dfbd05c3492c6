import { CellstateError } from './cellstate-error.ts';
import { nearest } from './nearest.ts';

/**
 * Throws `UNKNOWN_OPTION` when `options` has a key that is not in `known`, so that nothing is accepted and ignored.
 *
 * @param options the caller's options object; `undefined` counts as empty.
 * @param known every key the callee reads.
 * @param where the callee's name, for the message.
 * @throws CellstateError `UNKNOWN_OPTION`, with the nearest known key as hint; `INVALID_OPTIONS` for a non-object.
 *
 * @example
 * ```ts
 * import { checkOptions } from '@cellstate/core';
 *
 * checkOptions({ units: 4 }, ['units', 'activation'], 'lstm');
 * ```
 */
export function checkOptions(options: object | undefined, known: readonly string[], where: string): void {
  if (options === undefined) return;
  if (options === null || typeof options !== 'object' || Array.isArray(options)) {
    throw new CellstateError('INVALID_OPTIONS', 'Options must be one object.', {
      expected: '{ option: value, … }',
      received: Array.isArray(options) ? 'an array' : String(options),
      where,
    });
  }
  const unknown = Object.keys(options).filter((key) => !known.includes(key));
  if (unknown.length === 0) return;
  const first = unknown[0] as string;
  const near = nearest(first, known);
  throw new CellstateError(
    'UNKNOWN_OPTION',
    `Unknown option${unknown.length > 1 ? 's' : ''} ${unknown.map((key) => `'${key}'`).join(', ')}.`,
    {
      expected: known.length === 0 ? 'no options' : `one of ${known.join(', ')}`,
      received: unknown.join(', '),
      where,
      ...(near === undefined ? {} : { hint: `Did you mean '${near}'?` }),
    },
  );
}
