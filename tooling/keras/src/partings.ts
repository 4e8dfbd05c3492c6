/** Where ours and Keras part on purpose, or Keras fails by mistake: no mismatch. decisions/0006 says why. */
interface Parting {
  /** What Keras says; absent: it accepts. */
  readonly keras?: RegExp;
  /** What our error says; absent: we accept. */
  readonly ours?: RegExp;
  readonly why: string;
}

export const PARTINGS: readonly Parting[] = [
  {
    keras: /IndexError: Exception encountered when calling BatchNormalization/,
    why: 'Keras cannot take masked statistics of a single feature.',
  },
  {
    keras: /^ValueError: Exception encountered when calling RNN.call/,
    why: 'Keras cannot run a stack of one cell with one state over a mask.',
  },
  {
    ours: /UNROLL_NEEDS_STEPS/,
    why: 'Keras unrolls over an open number of steps when it is called at once, and fails in fit and predict.',
  },
  {
    keras: /^ValueError: When using `stateful=True` in a RNN, the batch size must be static/,
    why: 'Ours carries state for any number of rows, and holds later batches to the first.',
  },
  {
    ours: /as many units to be merged/,
    why: 'Keras adds directions of different widths where one width is 1, and then says another shape than it gives.',
  },
];
