/**
 * Keras' automatic name of a class, which also names its place in a weights file.
 *
 * @example
 * ```ts
 * import { snakeCase } from '@cellstate/layers';
 *
 * snakeCase('SimpleRNN'); // → 'simple_rnn'
 * snakeCase('MaxPooling1D'); // → 'max_pooling1d'
 * ```
 */
export function snakeCase(className: string): string {
  return className
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/** Gives each name of a list a form of its own: the second `lstm` becomes `lstm_1`. Names in `fixed` are left alone. */
export function uniqueNames(names: readonly { readonly name: string; readonly fixed: boolean }[]): string[] {
  const taken = new Set(names.filter(({ fixed }) => fixed).map(({ name }) => name));
  return names.map(({ name, fixed }) => {
    if (fixed) return name;
    let unique = name;
    for (let count = 1; taken.has(unique); count++) unique = `${name}_${count}`;
    taken.add(unique);
    return unique;
  });
}
