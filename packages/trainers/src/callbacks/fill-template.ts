import { CellstateError } from '@cellstate/core';

const FIELD = /\{(\w+)(?::(0?)(\d*)(?:\.(\d+))?([dfe]?))?\}/g;

/**
 * Puts values into a text with Python's fields, as Keras' paths have them: `{epoch}`, `{epoch:03d}`, `{val_loss:.4f}`, `{loss:.2e}`.
 *
 * @throws CellstateError `NOT_LOGGED` for a field without a value.
 */
export function fillTemplate(template: string, { values, where }: { values: Readonly<Record<string, number>>; where: string }): string {
  return template.replace(FIELD, (_field, name: string, zero = '', width = '', digits = '', kind = '') => {
    const value = values[name];
    if (value === undefined) {
      throw new CellstateError('NOT_LOGGED', `There is no '${name}' to put into the path.`, {
        expected: `one of ${Object.keys(values).join(', ')}`,
        received: template,
        where,
      });
    }
    return written(value, { digits, kind }).padStart(Number(width), zero === '' ? ' ' : '0');
  });
}

function written(value: number, { digits, kind }: { digits: string; kind: string }): string {
  if (kind === 'd') return String(Math.round(value));
  // Python's default is six decimals, and two digits of an exponent.
  if (kind === 'e') return value.toExponential(digits === '' ? 6 : Number(digits)).replace(/e([+-])(\d)$/, 'e$10$2');
  if (kind === 'f' || digits !== '') return value.toFixed(digits === '' ? 6 : Number(digits));
  return String(value);
}
