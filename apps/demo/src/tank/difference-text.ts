/** A difference with two digits, `0` when there is none at all. */
export function differenceText(value: number): string {
  return value === 0 ? '0' : value.toPrecision(2);
}
