import { type ArrayPass, type ArrayPassContext, type ArrayValue, arrayValue } from '../array-pass.ts';
import type { Layer } from '../contract.ts';
import type { MergeMode } from './bidirectional.ts';

export interface BidirectionalPassOptions {
  readonly mergeMode: Exclude<MergeMode, null>;
  readonly returnSequences: boolean;
}

/** The pass of both directions on plain arrays, each from zero; null where a half has none. */
export function bidirectionalPass(
  [forward, backward]: readonly [Layer<unknown>, Layer<unknown>],
  context: ArrayPassContext,
  { mergeMode, returnSequences }: BidirectionalPassOptions,
): ArrayPass | null {
  const own = () => ({ ...context, state: { given: false, arrays: [] }, nextState: [] });
  const ahead = forward.definition.arrayPass?.(own()) ?? null;
  const back = backward.definition.arrayPass?.(own()) ?? null;
  if (ahead === null || back === null || hasPenalty(forward) || hasPenalty(backward)) return null;
  const [input] = context.inputs as [ArrayValue];
  const [batch, time] = input.shape as [number, number];
  const steps = returnSequences ? time : 1;
  const aheadUnits = ahead.output.shape.at(-1) as number;
  const backUnits = back.output.shape.at(-1) as number;
  const units = mergeMode === 'concat' ? aheadUnits + backUnits : aheadUnits;
  const output = arrayValue([...ahead.output.shape.slice(0, -1), units]);

  /** Goes through the rows of the output; the way back gives its steps in the order computed, from the last. */
  function eachRow(visit: (row: number, places: { readonly ahead: number; readonly back: number }) => void): void {
    for (let b = 0; b < batch; b++) {
      for (let t = 0; t < steps; t++) {
        const row = b * steps + t;
        visit(row * units, { ahead: row * aheadUnits, back: (b * steps + steps - 1 - t) * backUnits });
      }
    }
  }

  return {
    output,
    forward() {
      ahead.forward();
      back.forward();
      const to = output.values;
      const [a, b] = [ahead.output.values, back.output.values];
      eachRow((at, places) => {
        if (mergeMode === 'concat') {
          for (let u = 0; u < aheadUnits; u++) to[at + u] = a[places.ahead + u] as number;
          for (let u = 0; u < backUnits; u++) to[at + aheadUnits + u] = b[places.back + u] as number;
          return;
        }
        for (let u = 0; u < units; u++) to[at + u] = MERGES[mergeMode].merge(a[places.ahead + u] as number, b[places.back + u] as number);
      });
    },
    backward() {
      const { gradient } = output;
      const [a, b] = [ahead.output.values, back.output.values];
      const [dA, dB] = [ahead.output.gradient, back.output.gradient];
      eachRow((at, places) => {
        if (mergeMode === 'concat') {
          for (let u = 0; u < aheadUnits; u++) dA[places.ahead + u] = gradient[at + u] as number;
          for (let u = 0; u < backUnits; u++) dB[places.back + u] = gradient[at + aheadUnits + u] as number;
          return;
        }
        const { slope } = MERGES[mergeMode];
        for (let u = 0; u < units; u++) {
          dA[places.ahead + u] = (gradient[at + u] as number) * slope(b[places.back + u] as number);
          dB[places.back + u] = (gradient[at + u] as number) * slope(a[places.ahead + u] as number);
        }
      });
      ahead.backward();
      back.backward();
    },
  };
}

/** Merges of two numbers, and the slope by one of them, given the other. */
const MERGES = {
  sum: { merge: (a: number, b: number) => a + b, slope: () => 1 },
  mul: { merge: (a: number, b: number) => a * b, slope: (other: number) => other },
  ave: { merge: (a: number, b: number) => (a + b) * 0.5, slope: () => 0.5 },
} as const;

function hasPenalty({ activityRegularizer }: Layer<unknown>): boolean {
  return activityRegularizer !== null;
}
