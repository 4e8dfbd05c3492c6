/** A way to feed the tutorial's windows to the tutorial's model. */
export interface Way {
  readonly name: string;
  /** Its name in a legend. */
  readonly short: string;
  readonly stateful: boolean;
  readonly resetStates: 'epoch' | 'never';
  readonly shuffle: boolean;
  /**
   * How the three days of a window stand in the array: as three steps of one feature, as one step of three features, or only
   * the last of them, so that each close goes in once.
   */
  readonly window: 'steps' | 'features' | 'last day';
}

const TUTORIAL: Way = {
  name: 'stateful, reset each epoch',
  short: 'reset',
  stateful: true,
  resetStates: 'epoch',
  shuffle: false,
  window: 'steps',
};

/** Every way that is compared, by a short key. */
export const WAYS = {
  reset: TUTORIAL,
  neverReset: { ...TUTORIAL, name: 'stateful, never reset', short: 'never reset', resetStates: 'never' },
  inOrder: { ...TUTORIAL, name: 'stateless, in order', short: 'stateless', stateful: false },
  shuffled: { ...TUTORIAL, name: 'stateless, shuffled', short: 'shuffled', stateful: false, shuffle: true },
  once: { ...TUTORIAL, name: 'stateful, each close once', short: 'once', window: 'last day' },
  features: { ...TUTORIAL, name: 'stateless, days as features', short: 'as features', stateful: false, window: 'features' },
} as const satisfies Record<string, Way>;

export type WayName = keyof typeof WAYS;
