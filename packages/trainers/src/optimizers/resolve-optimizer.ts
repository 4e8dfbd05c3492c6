import { CellstateError, nearest } from '@cellstate/core';
import { adadelta } from './adadelta.ts';
import { adagrad } from './adagrad.ts';
import { adam, adamW } from './adam.ts';
import { adamax } from './adamax.ts';
import { lion } from './lion.ts';
import { nadam } from './nadam.ts';
import type { Optimizer } from './optimizer.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';

const FACTORIES: Readonly<Record<string, () => Optimizer>> = { sgd, rmsprop, adam, adamW, adamax, nadam, adagrad, adadelta, lion };

/** The optimizer that a name (in any case, as in Keras) or a definition stands for. Throws `UNKNOWN_OPTIMIZER`. */
export function resolveOptimizer(optimizer: string | Optimizer): Optimizer {
  if (typeof optimizer !== 'string') return optimizer;
  const names = Object.keys(FACTORIES);
  const name = names.find((candidate) => candidate.toLowerCase() === optimizer.toLowerCase());
  const factory = name === undefined ? undefined : FACTORIES[name];
  if (factory !== undefined) return factory();
  const near = nearest(optimizer, names);
  throw new CellstateError('UNKNOWN_OPTIMIZER', `There is no optimizer '${optimizer}'.`, {
    expected: `one of ${names.join(', ')}`,
    received: optimizer,
    where: 'createTrainer, option optimizer',
    ...(near === undefined ? {} : { hint: `Did you mean '${near}'?` }),
  });
}
