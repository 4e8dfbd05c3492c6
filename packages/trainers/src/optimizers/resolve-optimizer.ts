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

/** Every optimizer by its name. */
export const OPTIMIZERS: Readonly<Record<string, () => Optimizer>> = { sgd, rmsprop, adam, adamW, adamax, nadam, adagrad, adadelta, lion };

/** The optimizer that a name (in any case, as in Keras) or a definition stands for. Throws `UNKNOWN_OPTIMIZER`. */
export function resolveOptimizer(optimizer: string | Optimizer): Optimizer {
  if (typeof optimizer !== 'string' && typeof optimizer?.update === 'function') return optimizer;
  const names = Object.keys(OPTIMIZERS);
  const given = typeof optimizer === 'string' ? optimizer : typeof optimizer;
  const plain = String(optimizer).toLowerCase();
  const name = names.find((candidate) => candidate.toLowerCase() === plain);
  const factory = name === undefined ? undefined : OPTIMIZERS[name];
  if (factory !== undefined) return factory();
  const near = typeof optimizer === 'string' ? nearest(optimizer, names) : undefined;
  throw new CellstateError(
    'UNKNOWN_OPTIMIZER',
    typeof optimizer === 'string' ? `There is no optimizer '${optimizer}'.` : 'This is no optimizer.',
    {
      expected: `one of ${names.join(', ')}`,
      received: given,
      where: 'createTrainer, option optimizer',
      ...(near === undefined ? {} : { hint: `Did you mean '${near}'?` }),
    },
  );
}
