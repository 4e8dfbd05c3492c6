import type { Layer, Model } from '@cellstate/layers';
import type { LayerFactory } from '../contract.ts';
import type { Json } from './json.ts';
import type { ParameterBudget } from './parameter-budget.ts';

/** Options of our layers that a graph gives at the call in Keras. */
export type CallOptions = Readonly<Record<string, Json>>;

/** What the readers of a configuration share while one file is read. */
export interface Reading {
  readonly customLayers: Readonly<Record<string, LayerFactory>>;
  /** Keras 2 has its own defaults, and another hard_sigmoid. */
  readonly dialect: 'keras2' | 'keras3';
  /** Keras before 3.4 loses the masks of layers that take a list of inputs. */
  readonly listsLoseMasks: boolean;
  /** Whether what is read stands within a model, whose inputs may come with masks. */
  readonly within: boolean;
  readonly budget: ParameterBudget;
  /** Every model made so far, the inner ones first: to be freed when reading fails. */
  readonly models: Model<unknown>[];
  /** The layers of each model in the order of the file, by which their weights are named. */
  readonly order: Map<Layer<unknown>, readonly Layer<unknown>[]>;
  /** Reads a layer within a model; see `readLayer`. */
  readLayer(object: Json | undefined, reading: Reading, from: { readonly where: string; readonly call?: CallOptions }): Layer<unknown>;
}
