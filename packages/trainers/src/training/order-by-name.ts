import { CellstateError } from '@cellstate/core';
import type { Structure } from '../data/map-arrays.ts';

/**
 * The entries of a structure in the order of `names`: one for the only name, a list in order, a record by name.
 *
 * @param isOne tells one entry from a record of entries.
 * @throws CellstateError `WRONG_COUNT` for a list of another length, `UNKNOWN_NAME` for a name that is not there.
 */
export function orderByName<T>(
  structure: Structure<T>,
  { names, isOne, where }: { names: readonly string[]; isOne: (value: unknown) => boolean; where: string },
): (T | undefined)[] {
  if (isOne(structure) || Array.isArray(structure)) {
    const list = (Array.isArray(structure) ? structure : [structure]) as readonly T[];
    if (list.length === names.length) return [...list];
    throw new CellstateError('WRONG_COUNT', 'The entries do not match the names they are for.', {
      expected: `${names.length} (${names.join(', ')})`,
      received: String(list.length),
      where,
    });
  }
  const record = structure as Readonly<Record<string, T>>;
  const unknown = Object.keys(record).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new CellstateError('UNKNOWN_NAME', `There is no '${unknown}'.`, { expected: names.join(', '), received: unknown, where });
  }
  return names.map((name) => record[name]);
}
