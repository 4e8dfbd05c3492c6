interface Masked {
  readonly shape: readonly number[];
}

/** The masks that an output is measured by; null for those there are not. */
export interface MasksOfOutput<Mask extends Masked> {
  /** What the model gave with it. */
  readonly own: Mask | null;
  /** Of the first input that has one, `[batch, time]`. */
  readonly steps: Mask | null;
  /** 0 for lanes whose sequences have ended, `[batch]`. */
  readonly rows: Mask | null;
}

/**
 * The mask of an output: the model's own; else, for an output over the steps of the input, the input's; else rows whose
 * sequences have ended do not count.
 */
export function outputMask<Mask extends Masked>(shape: readonly number[], { own, steps, rows }: MasksOfOutput<Mask>): Mask | null {
  if (own !== null) return own;
  return steps !== null && shape.length > 2 && shape[1] === steps.shape[1] ? steps : rows;
}
