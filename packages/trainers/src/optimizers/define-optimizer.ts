import { CellstateError, checkOptions } from '@cellstate/core';
import { checkNumber } from '../check-number.ts';
import { withRecipe } from '../checkpoint/recipe.ts';
import type { Clipping, Optimizer, OptimizerOptions, Slot } from './optimizer.ts';

const COMMON = ['learningRate', 'weightDecay', 'clipNorm', 'clipValue', 'globalClipNorm'] as const;

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
  const optimizer: Optimizer = {
    name: rule.name,
    learningRate,
    weightDecay,
    clipping: clipping(options, where),
    slots: rule.slots,
    scalars: rule.scalars ?? [],
    ...(rule.advance === undefined ? {} : { advance: rule.advance }),
    update: rule.update,
  };
  return withRecipe(optimizer, { kind: 'optimizer', make: rule.name, options });
}

function clipping(options: OptimizerOptions, where: string): Clipping | null {
  const kinds = { clipNorm: 'norm', clipValue: 'value', globalClipNorm: 'globalNorm' } as const;
  const given = (['clipNorm', 'clipValue', 'globalClipNorm'] as const).filter((option) => options[option] !== undefined);
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
