import type { Layer, Model } from '@cellstate/layers';
import type { LayerFactory } from '../contract.ts';
import type { ParameterBudget } from './parameter-budget.ts';

/** What the readers of a configuration share while one file is read. */
export interface Reading {
  readonly customLayers: Readonly<Record<string, LayerFactory>>;
  /** Keras 2 has its own defaults, and another hard_sigmoid. */
  readonly dialect: 'keras2' | 'keras3';
  readonly budget: ParameterBudget;
  /** Every model made so far, the inner ones first: to be freed when reading fails. */
  readonly models: Model<unknown>[];
  /** The layers of each model in the order of the file, by which their weights are named. */
  readonly order: Map<Layer<unknown>, readonly Layer<unknown>[]>;
}
