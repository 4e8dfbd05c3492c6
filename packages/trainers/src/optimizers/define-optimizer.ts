import { CellstateError, checkOptions } from '@cellstate/core';
import { checkNumber } from '../check-number.ts';
import { withRecipe } from '../checkpoint/recipe.ts';
import type { Clipping, Optimizer, OptimizerOptions, Slot, WeightAverage } from './optimizer.ts';

const COMMON = [
  'learningRate',
  'weightDecay',
  'clipNorm',
  'clipValue',
  'globalClipNorm',
  'useEma',
  'emaMomentum',
  'emaOverwriteFrequency',
  'gradientAccumulationSteps',
] as const;

export interface OptimizerRule {
  readonly name: string;
  /** The learning rate when none is given. */
  readonly learningRate: number;
  /** Names of the options that only this rule has. */
  readonly own: readonly string[];
  readonly slots: readonly Slot[];
  readonly scalars?: readonly Slot[];
  readonly advance?: NonNullable<Optimizer['advance']>;
  readonly update: Optimizer['update'];
}

/** Joins an update rule with the options that every optimizer has, and checks these. */
export function defineOptimizer(rule: OptimizerRule, options: OptimizerOptions): Optimizer {
  const where = rule.name;
  checkOptions(options, [...COMMON, ...rule.own], where);
  const { learningRate = rule.learningRate, weightDecay = null } = options;
  if (typeof learningRate !== 'function') checkNumber(learningRate, { where, option: 'learningRate', above: 0 });
  if (weightDecay !== null) checkNumber(weightDecay, { where, option: 'weightDecay', from: 0 });
  const average = weightAverage(options, where);
  const gradientAccumulationSteps = options.gradientAccumulationSteps ?? null;
  if (gradientAccumulationSteps !== null) checkCount(gradientAccumulationSteps, { where, option: 'gradientAccumulationSteps', from: 2 });
  const optimizer: Optimizer = {
    name: rule.name,
    learningRate,
    weightDecay,
    clipping: clipping(options, where),
    average,
    gradientAccumulationSteps,
    slots: [
      ...rule.slots,
      ...(average === null ? [] : [{ name: 'average', initial: 0 }]),
      ...(gradientAccumulationSteps === null ? [] : [{ name: 'accumulated_gradient', initial: 0 }]),
    ],
    scalars: rule.scalars ?? [],
    ...(rule.advance === undefined ? {} : { advance: rule.advance }),
    update: rule.update,
  };
  return withRecipe(optimizer, { kind: 'optimizer', make: rule.name, options });
}

function clipping(options: OptimizerOptions, where: string): Clipping | null {
  const kinds = { clipNorm: 'norm', clipValue: 'value', globalClipNorm: 'globalNorm' } as const;
  const given = (['clipNorm', 'clipValue', 'globalClipNorm'] as const).filter((option) => (options[option] ?? null) !== null);
  if (given.length > 1) {
    throw new CellstateError('CONTRADICTORY_OPTIONS', 'Gradients can be clipped in one way only.', {
      expected: 'one of clipNorm, clipValue, globalClipNorm',
      received: given.join(', '),
      where,
    });
  }
  const option = given[0];
  if (option === undefined) return null;
  const limit = options[option] as number;
  checkNumber(limit, { where, option, above: 0 });
  return { kind: kinds[option], limit };
}

function weightAverage(options: OptimizerOptions, where: string): WeightAverage | null {
  const { useEma = false, emaMomentum = 0.99, emaOverwriteFrequency = null } = options;
  if (typeof useEma !== 'boolean') {
    throw new CellstateError('INVALID_OPTION', "Option 'useEma' is a boolean.", {
      expected: 'true or false',
      received: String(useEma),
      where,
    });
  }
  const idle = (['emaMomentum', 'emaOverwriteFrequency'] as const).find((option) => (options[option] ?? null) !== null);
  if (!useEma && idle !== undefined) {
    throw new CellstateError('CONTRADICTORY_OPTIONS', `Option '${idle}' has no meaning without averages.`, {
      expected: 'useEma: true beside it',
      received: `${idle} alone`,
      where,
    });
  }
  checkNumber(emaMomentum, { where, option: 'emaMomentum', from: 0, to: 1 });
  if (emaOverwriteFrequency !== null) checkCount(emaOverwriteFrequency, { where, option: 'emaOverwriteFrequency', from: 1 });
  return useEma ? { momentum: emaMomentum, overwriteFrequency: emaOverwriteFrequency } : null;
}

function checkCount(value: number, { where, option, from }: { where: string; option: string; from: number }): void {
  if (Number.isInteger(value) && value >= from) return;
  throw new CellstateError('INVALID_OPTION', `Option '${option}' cannot be used.`, {
    expected: `a whole number, ${from} or more, or null`,
    received: String(value),
    where,
  });
}
