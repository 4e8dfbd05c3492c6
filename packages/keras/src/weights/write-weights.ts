import type { Model } from '@cellstate/layers';
import { type Hdf5Tree, writeHdf5 } from '../hdf5/write-hdf5.ts';
import { kerasOrder } from './keras-order.ts';
import { weightPlaces } from './weight-places.ts';

interface MutableTree extends Hdf5Tree {
  readonly groups: Record<string, MutableTree>;
  readonly datasets: Record<string, { readonly data: Float32Array; readonly shape: readonly number[] }>;
  readonly texts: Record<string, string>;
}

/**
 * A model's weights in the layout of Keras 3. Every group is written, empty ones too: some versions fail without them.
 */
export async function writeWeights(model: Model<unknown>): Promise<Uint8Array> {
  const root = emptyTree();
  for (const { path, name, parameters } of weightPlaces(model, kerasOrder)) {
    const variables = groupAt(root, path === '' ? ['vars'] : [...path.split('/'), 'vars']);
    variables.texts.name = name;
    for (const [index, { variable }] of parameters.entries()) {
      variables.datasets[index] = { data: (await variable.data()) as Float32Array, shape: variable.shape };
    }
  }
  return writeHdf5(root);
}

function emptyTree(): MutableTree {
  return { groups: {}, datasets: {}, texts: {} };
}

function groupAt(root: MutableTree, names: readonly string[]): MutableTree {
  let current = root;
  for (const name of names) {
    current.groups[name] ??= emptyTree();
    current = current.groups[name] as MutableTree;
  }
  return current;
}
