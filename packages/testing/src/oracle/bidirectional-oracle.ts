import type { OracleResult, Sizes } from './recurrent-oracle.ts';

export interface MergeOptions {
  readonly mergeMode: 'concat' | 'sum' | 'mul' | 'ave';
  readonly returnSequences: boolean;
}

/**
 * Merges a forward and a backward pass: sequences step by step in the order of the forward one, else the outputs computed last.
 * With sequences both passes are to be run with `zeroOutputForMask`, as Keras does.
 */
export function mergeOracle(
  forward: OracleResult,
  backward: OracleResult,
  sizes: Sizes,
  { mergeMode, returnSequences }: MergeOptions,
): Float64Array {
  const { batch, time, units } = sizes;
  const merged: number[] = [];
  const steps = returnSequences ? time : 1;
  for (let b = 0; b < batch; b++) {
    for (let t = 0; t < steps; t++) {
      const ahead = (u: number) => (returnSequences ? forward.outputs[(b * time + t) * units + u] : forward.last[b * units + u]) as number;
      const back = (u: number) =>
        (returnSequences ? backward.outputs[(b * time + time - 1 - t) * units + u] : backward.last[b * units + u]) as number;
      const each = Array.from({ length: units }, (_, u) => u);
      if (mergeMode === 'concat') merged.push(...each.map(ahead), ...each.map(back));
      if (mergeMode === 'sum') merged.push(...each.map((u) => ahead(u) + back(u)));
      if (mergeMode === 'mul') merged.push(...each.map((u) => ahead(u) * back(u)));
      if (mergeMode === 'ave') merged.push(...each.map((u) => (ahead(u) + back(u)) / 2));
    }
  }
  return Float64Array.from(merged);
}
