import { CellstateError } from '@cellstate/core';
import { corrupt } from '../corrupt.ts';

/** Runs a factory on values from a file: what it throws is either its own clear error or means that the values make no sense. */
export function sound<T>(where: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof CellstateError) throw cause;
    throw corrupt(where, `a configuration that makes no layer: ${String(cause).slice(0, 100)}`, cause);
  }
}
