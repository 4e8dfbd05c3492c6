import { CellstateError } from '@cellstate/core';

const FIELD = /\{(\w+)(?::([^{}]*))?\}/g;
const FORMAT = /^(0?)(\d*)(?:(?:\.(\d+))?([fe])|(d?))$/;

/**
 * Puts values into a text with Python's fields, as Keras' paths have them: `{epoch}`, `{epoch:03d}`, `{val_loss:.4f}`, `{loss:.2e}`.
 *
 * @throws CellstateError `NOT_LOGGED` for a field without a value, `INVALID_TEMPLATE` for a format that it cannot have.
 */
export function fillTemplate(template: string, { values, where }: { values: Readonly<Record<string, number>>; where: string }): string {
  return template.replace(FIELD, (field, name: string, format = '') => {
    const value = values[name];
    if (value === undefined) {
      throw new CellstateError('NOT_LOGGED', `There is no '${name}' to put into the path.`, {
        expected: `one of ${Object.keys(values).join(', ')}`,
        received: template,
        where,
      });
    }
    const [, zero, width, digits, kind, whole] = FORMAT.exec(format) ?? [];
    if (zero === undefined || (whole === 'd' && !Number.isInteger(value))) {
      throw new CellstateError('INVALID_TEMPLATE', `The value ${value} cannot be written as '${field}'.`, {
        expected: 'a width, then d for whole numbers, f or e with decimals for others, as {epoch:03d} or {loss:.4f}',
        received: field,
        where,
      });
    }
    return written(value, { digits: digits === undefined ? 6 : Number(digits), kind }).padStart(Number(width), zero === '0' ? '0' : ' ');
  });
}

function written(value: number, { digits, kind }: { digits: number; kind: string | undefined }): string {
  if (kind === 'f') return value.toFixed(digits);
  // Python writes exponents with two digits.
  if (kind === 'e') return value.toExponential(digits).replace(/e([+-])(\d)$/, 'e$10$2');
  return String(value);
}
