import type { Measurement } from './measure.ts';

/** A duration with three digits: `5.21 ms`, `8.30 µs`, `18.8 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 0.1) return `${digits(1000 * milliseconds)} µs`;
  return milliseconds < 1000 ? `${digits(milliseconds)} ms` : `${digits(milliseconds / 1000)} s`;
}

/** A number with three digits, not in powers of ten: `0.052`, `5.21`, `1270`. */
export function digits(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value.toPrecision(3);
}

/** The cells of one contestant: time of a step, times as long as the first contestant, range of the rounds, difference of values. */
export function measurementCells({ step, ratio, rounds, difference }: Measurement): readonly [string, string, string, string] {
  return [
    duration(step),
    `${digits(ratio.median)} ×`,
    rounds === 1 ? 'one round' : `${digits(ratio.least)}–${digits(ratio.greatest)}`,
    difference === null ? 'other' : difference === 0 ? '0' : difference.toExponential(0),
  ];
}
