import { CellstateError, checkOptions } from '@cellstate/core';
import * as tf from '@tensorflow/tfjs-core';
import { withRecipe } from '../checkpoint/recipe.ts';
import type { Loss, LossOptions, Reduction } from './loss.ts';

const REDUCTIONS: readonly Reduction[] = ['sumOverBatchSize', 'mean', 'sum', 'meanWithSampleWeight'];

interface RuleParts extends Pick<Loss, 'name' | 'target' | 'valid' | 'check' | 'numbers' | 'usesLogits'> {
  /** Names of the options that only this loss has. */
  readonly own?: readonly string[];
}

/** A value for each sample, or for each element when a sample's value is their mean. */
export type LossRule = RuleParts & (Pick<Loss, 'values'> | Required<Pick<Loss, 'elements'>>);

/** Joins a rule with the options that every loss has, and checks these. */
export function defineLoss({ own = [], ...rule }: LossRule, options: LossOptions): Loss {
  checkOptions(options, ['reduction', ...own], rule.name);
  const { reduction = 'sumOverBatchSize' } = options;
  if (!REDUCTIONS.includes(reduction)) {
    throw new CellstateError('INVALID_OPTION', `There is no reduction '${reduction}'.`, {
      expected: `one of ${REDUCTIONS.join(', ')}`,
      received: String(reduction),
      where: rule.name,
    });
  }
  const plain = reduction === 'mean' ? 'sumOverBatchSize' : reduction;
  const values: Loss['values'] = 'values' in rule ? rule.values : (...given) => tf.mean(rule.elements(...given), -1);
  return withRecipe({ ...rule, reduction: plain, values }, { kind: 'loss', make: rule.name, options });
}
