/** What every Cellstate error carries beside its message. */
export interface CellstateErrorDetails {
  /** What would have been right, in a few words: `'[batch, time, features]'`. */
  readonly expected: string;
  /** What came instead: `'[2, 3]'`. */
  readonly received: string;
  /** The layer, argument or file the fault lies in: `'lstm_1, argument initialState'`. */
  readonly where: string;
  /** What to do about it, as one sentence. */
  readonly hint?: string;
  /** The error underneath, if there was one. */
  readonly cause?: unknown;
}

/**
 * The one error class of all Cellstate packages: a stable `code`, what was expected and received, where, and a hint.
 *
 * The message holds every field, a line each, so that it can be read without a debugger.
 *
 * @example
 * ```ts
 * import { CellstateError } from '@cellstate/core';
 *
 * const error = new CellstateError('SHAPE_MISMATCH', 'The input has the wrong rank.', {
 *   expected: '[batch, time, features]',
 *   received: '[2, 3]',
 *   where: 'lstm',
 * });
 * error.code; // → 'SHAPE_MISMATCH'
 * ```
 */
export class CellstateError extends Error {
  readonly code: string;
  readonly expected: string;
  readonly received: string;
  readonly where: string;
  readonly hint: string | undefined;

  constructor(code: string, what: string, details: CellstateErrorDetails) {
    super(message(code, what, details), details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'CellstateError';
    this.code = code;
    this.expected = details.expected;
    this.received = details.received;
    this.where = details.where;
    this.hint = details.hint;
  }
}

function message(code: string, what: string, details: CellstateErrorDetails): string {
  const lines = [`${what} [${code}]`];
  for (const field of ['expected', 'received', 'where', 'hint'] as const) {
    const value = details[field];
    if (value !== undefined) lines.push(`  ${field}: ${value}`);
  }
  return lines.join('\n');
}
