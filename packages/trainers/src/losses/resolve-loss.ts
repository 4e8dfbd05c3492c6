import { CellstateError, nearest } from '@cellstate/core';
import { binaryCrossentropy, categoricalCrossentropy, sparseCategoricalCrossentropy } from './crossentropies.ts';
import { klDivergence, poisson } from './distribution-losses.ts';
import {
  cosineSimilarity,
  huber,
  logCosh,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogarithmicError,
} from './error-losses.ts';
import { categoricalHinge, hinge, squaredHinge } from './hinge-losses.ts';
import type { Loss, LossLike } from './loss.ts';

/** Every loss by its name. */
export const LOSSES: Readonly<Record<string, () => Loss>> = {
  meanSquaredError,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredLogarithmicError,
  huber,
  logCosh,
  cosineSimilarity,
  poisson,
  klDivergence,
  binaryCrossentropy,
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
  hinge,
  squaredHinge,
  categoricalHinge,
};

const ALIASES: Readonly<Record<string, string>> = {
  mse: 'meanSquaredError',
  mae: 'meanAbsoluteError',
  mape: 'meanAbsolutePercentageError',
  msle: 'meanSquaredLogarithmicError',
  huberloss: 'huber',
  kld: 'klDivergence',
  kullbackleiblerdivergence: 'klDivergence',
  bce: 'binaryCrossentropy',
};

/** A name without case and underscores, so that `mean_squared_error`, `MeanSquaredError` and `meanSquaredError` are one. */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll('_', '');
}

/** The loss of this name, in any of Keras' spellings; undefined when there is none. */
export function lossByName(name: string): Loss | undefined {
  const plain = plainName(name);
  const key = ALIASES[plain] ?? Object.keys(LOSSES).find((candidate) => plainName(candidate) === plain);
  return key === undefined ? undefined : LOSSES[key]?.();
}

/** Every name that `lossByName` knows, in our spelling. */
export const LOSS_NAMES: readonly string[] = [...Object.keys(LOSSES), 'mse', 'mae', 'mape', 'msle', 'kld', 'bce'];

/** The loss that a name, an object or a function stands for. Throws `UNKNOWN_LOSS`. */
export function resolveLoss(loss: LossLike): Loss {
  if (typeof loss === 'function') {
    return { name: loss.name === '' ? 'loss' : loss.name, target: 'any', reduction: 'sumOverBatchSize', values: loss };
  }
  if (typeof loss !== 'string') return loss;
  const found = lossByName(loss);
  if (found !== undefined) return found;
  const near = nearest(loss, LOSS_NAMES);
  throw new CellstateError('UNKNOWN_LOSS', `There is no loss '${loss}'.`, {
    expected: `one of ${LOSS_NAMES.join(', ')}, or a function`,
    received: loss,
    where: 'createTrainer, option loss',
    ...(near === undefined ? {} : { hint: `Did you mean '${near}'?` }),
  });
}
