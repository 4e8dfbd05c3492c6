import { CellstateError } from '@cellstate/core';

/**
 * Runs a piece of a layer; an error from within has its place led by the layer's: `input` becomes `dense_1, input`. One that comes
 * from a layer inside, and so names a place below this one, stays as it is.
 */
export function placed<T>(place: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw withPlace(error, place);
  }
}

function withPlace(error: unknown, place: string): unknown {
  if (!(error instanceof CellstateError)) return error;
  const { code, expected, received, where, hint, cause } = error;
  const inside = `${place.replace(/#\d+$/, '')}/`;
  if (where === place || where.startsWith(`${place},`) || where.startsWith(inside)) return error;
  const what = (error.message.split('\n')[0] as string).replace(` [${code}]`, '');
  const told = new CellstateError(code, what, {
    expected,
    received,
    where: `${place}, ${where}`,
    ...(hint === undefined ? {} : { hint }),
    ...(cause === undefined ? {} : { cause }),
  });
  told.stack = error.stack?.replace(error.message, () => told.message) ?? told.message;
  return told;
}
