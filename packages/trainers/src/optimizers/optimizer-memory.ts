import { CellstateError } from '@cellstate/core';
import { counted } from '../counted.ts';
import type { Clipping, Optimizer, WeightAverage } from './optimizer.ts';

/** A parameter's values and gradient for one step. */
export interface GradientStep {
  readonly path: string;
  /** Changed in place. */
  readonly values: Float32Array;
  readonly gradient: Float32Array;
}

/** What an optimizer remembers from step to step. It lives in plain arrays, never in tensors. */
export interface OptimizerMemory {
  /** Steps taken. */
  readonly iterations: number;
  /** The rate of the next step. Assigning throws `SCHEDULED_LEARNING_RATE` when the optimizer has a schedule. */
  learningRate: number;
  /** One step over all parameters: clipping, weight decay, the optimizer's rule, then the averages. */
  apply(steps: readonly GradientStep[]): void;
  /** All of it, as it is now. */
  save(): SavedOptimizer;
  /** Takes over what `save` gave. Throws `CHECKPOINT_DIFFERS` for the memory of another optimizer. */
  restore(saved: SavedOptimizer): void;
  /** The moving average of a parameter's weights; undefined where none is kept. */
  averageOf(path: string): Float32Array | undefined;
}

export type SavedOptimizer = {
  readonly name: string;
  readonly iterations: number;
  /** NaN under a schedule. */
  readonly learningRate: number;
  readonly scalars: Float64Array;
  /** Slots of each parameter seen so far, by its path. */
  readonly slots: { readonly [path: string]: readonly Float32Array[] };
};

/** Starts the memory of an optimizer: no steps taken, slots made when a parameter is first seen. */
export function optimizerMemory(optimizer: Optimizer): OptimizerMemory {
  const slots = new Map<string, readonly Float32Array[]>();
  let scalars = Float64Array.from(optimizer.scalars, ({ initial }) => initial);
  // The averages and the gathered gradients stand behind the rule's own slots, and are none of its business.
  const ruleSlots = optimizer.slots.length - (optimizer.average ? 1 : 0) - (optimizer.gradientAccumulationSteps ? 1 : 0);
  let iterations = 0;
  let constantRate = typeof optimizer.learningRate === 'number' ? optimizer.learningRate : Number.NaN;
  const rate = () => (typeof optimizer.learningRate === 'function' ? optimizer.learningRate(iterations) : constantRate);

  function slotsOf(path: string, length: number): readonly Float32Array[] {
    const kept = slots.get(path);
    if (kept !== undefined) return kept;
    const made = optimizer.slots.map(({ initial }) => new Float32Array(length).fill(initial));
    slots.set(path, made);
    return made;
  }

  /** One step of the rule, by the gradients or by the mean of those gathered with them. */
  function move(steps: readonly GradientStep[], { learningRate, iteration }: { learningRate: number; iteration: number }): void {
    optimizer.advance?.(scalars, iteration);
    const { clipping, weightDecay } = optimizer;
    const gradients = steps.map(meanGradient);
    const total = clipping?.kind === 'globalNorm' ? Math.sqrt(gradients.reduce((sum, gradient) => sum + squares(gradient), 0)) : 0;
    for (const [i, { path, values }] of steps.entries()) {
      const gradient = gradients[i] as Float32Array;
      const clipped = clipping === null ? gradient : clip(gradient, clipping, total);
      if (weightDecay !== null) {
        const keep = 1 - weightDecay * learningRate;
        for (let k = 0; k < values.length; k++) values[k] = (values[k] as number) * keep;
      }
      optimizer.update(values, slotsOf(path, values.length).slice(0, ruleSlots), { gradient: clipped, learningRate, iteration, scalars });
    }
  }

  function gather({ path, gradient }: GradientStep): void {
    const sum = slotsOf(path, gradient.length).at(-1) as Float32Array;
    for (let k = 0; k < sum.length; k++) sum[k] = (sum[k] as number) + (gradient[k] as number);
  }

  /** The mean of a gradient and those gathered before it, which are forgotten. */
  function meanGradient({ path, gradient }: GradientStep): Float32Array {
    const count = optimizer.gradientAccumulationSteps;
    if (!count) return gradient;
    const sum = slotsOf(path, gradient.length).at(-1) as Float32Array;
    const mean = gradient.map((value, k) => (value + (sum[k] as number)) / count);
    sum.fill(0);
    return mean;
  }

  /** Moves the average of a parameter's weights on, and puts it in their place when it is time. */
  function follow({ path, values }: GradientStep, done: number, { momentum, overwriteFrequency }: WeightAverage): void {
    const average = slotsOf(path, values.length).at(optimizer.gradientAccumulationSteps ? -2 : -1) as Float32Array;
    const kept = done === 0 ? 0 : momentum;
    for (let k = 0; k < average.length; k++) average[k] = kept * (average[k] as number) + (1 - kept) * (values[k] as number);
    if (overwriteFrequency !== null && (done + 1) % overwriteFrequency === 0) values.set(average);
  }

  return {
    get iterations() {
      return iterations;
    },
    get learningRate() {
      return rate();
    },
    set learningRate(value) {
      if (typeof optimizer.learningRate === 'function') {
        throw new CellstateError('SCHEDULED_LEARNING_RATE', 'The learning rate follows a schedule and cannot be set.', {
          expected: 'an optimizer with a number as learningRate',
          received: `the schedule of ${optimizer.name}`,
          where: 'learningRate',
          hint: 'Give the optimizer a number, or leave out the callback that changes the rate.',
        });
      }
      constantRate = value;
    },
    apply(steps) {
      const learningRate = rate();
      const gathered = optimizer.gradientAccumulationSteps ?? 1;
      // Steps of the rule so far; the learning rate follows the calls.
      const done = Math.floor(iterations / gathered);
      if ((iterations + 1) % gathered === 0) move(steps, { learningRate, iteration: done + 1 });
      else for (const step of steps) gather(step);
      if (optimizer.average) for (const step of steps) follow(step, done, optimizer.average);
      iterations += 1;
    },
    averageOf: (path) => (optimizer.average ? slots.get(path)?.at(optimizer.gradientAccumulationSteps ? -2 : -1) : undefined),
    save: () => ({
      name: optimizer.name,
      iterations,
      learningRate: constantRate,
      scalars: scalars.slice(),
      slots: Object.fromEntries([...slots].map(([path, arrays]) => [path, arrays.map((array) => array.slice())])),
    }),
    restore(saved) {
      const counts = Object.values(saved.slots).map((arrays) => arrays.length);
      if (
        saved.name !== optimizer.name ||
        saved.scalars.length !== scalars.length ||
        counts.some((count) => count !== optimizer.slots.length)
      ) {
        throw new CellstateError('CHECKPOINT_DIFFERS', 'The checkpoint is of another optimizer.', {
          expected: kept(saved, counts.find((count) => count !== optimizer.slots.length) ?? optimizer.slots.length),
          received: kept({ name: optimizer.name, scalars }, optimizer.slots.length),
          where: 'createTrainer, option optimizer',
          hint: 'Give the optimizer that the checkpoint was saved with.',
        });
      }
      iterations = saved.iterations;
      constantRate = saved.learningRate;
      scalars = saved.scalars.slice();
      slots.clear();
      for (const [path, arrays] of Object.entries(saved.slots))
        slots.set(
          path,
          arrays.map((array) => array.slice()),
        );
    },
  };
}

/** An optimizer by what it keeps: two of a caller's own may have one name. */
function kept({ name, scalars }: Pick<SavedOptimizer, 'name' | 'scalars'>, slots: number): string {
  return `${name}, which keeps ${counted(slots, 'array', 'arrays')} for each parameter and ${counted(scalars.length, 'number', 'numbers')}`;
}

function clip(gradient: Float32Array, { kind, limit }: Clipping, total: number): Float32Array {
  if (kind === 'value') return gradient.map((g) => Math.min(limit, Math.max(-limit, g)));
  const norm = kind === 'norm' ? Math.sqrt(squares(gradient)) : total;
  if (norm <= limit) return gradient;
  const factor = limit / norm;
  const clipped = new Float32Array(gradient.length);
  for (let i = 0; i < clipped.length; i++) clipped[i] = (gradient[i] as number) * factor;
  return clipped;
}

function squares(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] as number) * (values[i] as number);
  return sum;
}
