/** The entries of an object that have one of these keys. */
export function pick(options: object, keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(options).filter(([key]) => keys.includes(key)));
}
