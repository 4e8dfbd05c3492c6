/** `name: value` of each log, as Keras prints it: four decimals, exponents for what is smaller than 0.001. */
export function formatValues(logs: Readonly<Record<string, number>>): string[] {
  return Object.entries(logs).map(([name, value]) => `${name}: ${formatValue(value)}`);
}

function formatValue(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0 || Math.abs(value) > 1e-3) return value.toFixed(4);
  // Keras writes exponents with two digits.
  return value.toExponential(4).replace(/e([+-])(\d)$/, 'e$10$2');
}

/** A duration in the unit that gives it whole digits: `3s`, `12ms`, `250us`. */
export function formatDuration(seconds: number): string {
  if (seconds >= 1 || seconds === 0) return `${Math.round(seconds)}s`;
  return seconds >= 1e-3 ? `${Math.round(seconds * 1e3)}ms` : `${Math.round(seconds * 1e6)}us`;
}
