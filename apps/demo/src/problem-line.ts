import type { CellstateError } from '@cellstate/core';

/** An error as one line for the terminal: what, what was expected and received, where, and what to do about it. */
export function problemLine(error: CellstateError): string {
  const [what = ''] = error.message.split('\n');
  const sentence = what.replace(` [${error.code}]`, '').replace(/\.$/, '');
  const text = `${sentence}: got ${error.received}; expected ${error.expected}; in ${error.where}.`;
  return `error: ${text}${error.hint === undefined ? '' : ` ${error.hint}`} [${error.code}]`.replaceAll(/\s*\n\s*/g, ' ');
}
