import { CellstateError, checkOptions } from '@cellstate/core';
import type { Loss, LossOptions, Reduction } from './loss.ts';

const REDUCTIONS: readonly Reduction[] = ['sumOverBatchSize', 'sum', 'meanWithSampleWeight'];

export interface LossRule extends Pick<Loss, 'name' | 'target' | 'values' | 'valid' | 'check'> {
  /** Names of the options that only this loss has. */
  readonly own?: readonly string[];
}

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
  return { ...rule, reduction };
}
