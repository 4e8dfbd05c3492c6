import type { CellstateError } from '@cellstate/core';

/** An error as one line for the terminal: what, what was expected and received, where, and what to do about it. */
export function problemLine(error: CellstateError): string {
  const [what = ''] = error.message.split('\n');
  const details = [
    error.received === undefined ? '' : `got ${error.received}`,
    error.expected === undefined ? '' : `expected ${error.expected}`,
    error.where === undefined ? '' : `in ${error.where}`,
  ].filter((part) => part !== '');
  const sentence = what.replace(` [${error.code}]`, '').replace(/\.$/, '');
  const text = `${sentence}${details.length === 0 ? '' : `: ${details.join('; ')}`}.`;
  return `error: ${text}${error.hint === undefined ? '' : ` ${error.hint}`} [${error.code}]`.replaceAll(/\s*\n\s*/g, ' ');
}
