/** A way to feed the tutorial's windows to the tutorial's model. */
export interface Way {
  readonly name: string;
  readonly stateful: boolean;
  readonly resetStates: 'epoch' | 'never';
  readonly shuffle: boolean;
  /**
   * How the three days of a window stand in the array: as three steps of one feature, as one step of three features, or only
   * the last of them, so that each close goes in once.
   */
  readonly window: 'steps' | 'features' | 'last day';
}

const TUTORIAL: Way = { name: 'stateful, reset each epoch', stateful: true, resetStates: 'epoch', shuffle: false, window: 'steps' };

/** Every way that is compared, by a short key. */
export const WAYS = {
  reset: TUTORIAL,
  neverReset: { ...TUTORIAL, name: 'stateful, never reset', resetStates: 'never' },
  inOrder: { ...TUTORIAL, name: 'stateless, in order', stateful: false },
  shuffled: { ...TUTORIAL, name: 'stateless, shuffled', stateful: false, shuffle: true },
  once: { ...TUTORIAL, name: 'stateful, each close once', window: 'last day' },
  features: { ...TUTORIAL, name: 'stateless, days as features', stateful: false, window: 'features' },
} as const satisfies Record<string, Way>;

export type WayName = keyof typeof WAYS;
