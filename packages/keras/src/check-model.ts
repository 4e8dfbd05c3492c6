import { CellstateError } from '@cellstate/core';
import type { Model } from '@cellstate/layers';

/** Throws `INVALID_MODEL` unless it is a model of @cellstate/layers, and what a disposed one throws. */
export function checkModel<Output>(model: Model<Output> | undefined, where: string): void {
  if (typeof model?.definition?.graph === 'object') {
    // Reading the parameters tells whether the model was disposed.
    void model.parameters;
    return;
  }
  throw new CellstateError('INVALID_MODEL', 'There is no model.', {
    expected: 'a model of @cellstate/layers',
    received: model === null ? 'null' : typeof model,
    where,
  });
}
