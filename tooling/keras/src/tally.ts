import { ENGINES } from '@cellstate/testing';

export interface Tally {
  readonly configurations: Record<'layers' | 'training' | 'callback' | 'windows', number>;
  refused: number;
  /** Drawn, and drawn again, because Keras' numbers were not finite or beyond 1e3. */
  overflowing: number;
  /**
   * Drawn again because ours differs, and Keras does too, beyond what we compare by, when every weight is changed by a millionth of
   * itself at most: rounding alone decides.
   */
  unsteady: number;
  comparisons: number;
  mismatches: number;
}

/** Nothing counted yet. */
export function tally(): Tally {
  return {
    configurations: { layers: 0, training: 0, callback: 0, windows: 0 },
    refused: 0,
    overflowing: 0,
    unsteady: 0,
    comparisons: 0,
    mismatches: 0,
  };
}

/** `N configurations …, N mismatches`, with the versions and the seed. */
export function summaryLine(counts: Tally, { keras, tensorflow, seed }: { keras: string; tensorflow: string; seed: number }): string {
  const { layers, training, callback, windows } = counts.configurations;
  const all = layers + training + callback + windows;
  return [
    `Keras ${keras} on TensorFlow ${tensorflow}, seed ${seed}: ${all} configurations`,
    ` (${layers} of layers, ${training} trainings, ${callback} callbacks, ${windows} windows; ${counts.refused} refused by Keras;`,
    ` besides, ${counts.overflowing} drawn again that overflow, ${counts.unsteady} that rounding decides)`,
    ` on ${ENGINES.length} engines: ${counts.comparisons} comparisons, ${counts.mismatches} mismatches`,
  ].join('');
}
