import { CellstateError } from '@cellstate/core';
import type { TrainableModel } from '../trainable-model.ts';

/** Throws `INVALID_MODEL` for what cannot be trained. */
export function checkModel(model: TrainableModel, where: string): void {
  if (typeof model?.call === 'function') return;
  throw new CellstateError('INVALID_MODEL', 'There is no model to train.', {
    expected: 'a model of @cellstate/layers, or anything that satisfies TrainableModel',
    received: model === null ? 'null' : typeof model,
    where,
  });
}
