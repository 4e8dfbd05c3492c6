import { CellstateError, describe } from '@cellstate/core';
import type { Model } from '@cellstate/layers';
import type { Hdf5Group } from '../hdf5/hdf5-file.ts';
import type { LoadedValues } from './assign-weights.ts';
import { type LayerOrder, type WeightPlace, weightPlaces } from './weight-places.ts';

/** The names of groups in files of Keras 2.12 to 2.15, by those of Keras 3. */
const FORMER_NAMES: ReadonlyMap<string, string> = new Map([['layers', '_layer_checkpoint_dependencies']]);

/**
 * Finds the values of every parameter in a weights file of Keras 3.
 *
 * @throws CellstateError `WEIGHTS_MISMATCH` when a layer's weights are missing, too many, or of another shape.
 */
export function readWeights(root: Hdf5Group, model: Model<unknown>, { order, where }: { order: LayerOrder; where: string }): LoadedValues {
  const values: LoadedValues = new Map();
  for (const place of weightPlaces(model, order)) {
    const variables = find(root, place.path)?.group('vars');
    checkCount(place, variables, where);
    for (const [index, { spec, variable }] of place.parameters.entries()) {
      const dataset = variables?.dataset(String(index));
      const at = `${where}, ${place.path}/vars/${index} (${place.name}, ${spec.name})`;
      if (dataset === undefined || describe(dataset.shape) !== describe(variable.shape)) {
        throw mismatch(describe(variable.shape), dataset === undefined ? 'nothing' : describe(dataset.shape), at);
      }
      values.set(variable, dataset.read());
    }
  }
  return values;
}

function checkCount({ path, name, parameters }: WeightPlace, variables: Hdf5Group | undefined, where: string): void {
  const count = variables?.names.length ?? 0;
  if (count === parameters.length) return;
  throw mismatch(`${parameters.length} weights`, `${count} weights`, `${where}, ${path === '' ? 'vars' : `${path}/vars`} (${name})`);
}

function find(root: Hdf5Group, path: string): Hdf5Group | undefined {
  let group: Hdf5Group | undefined = root;
  for (const name of path === '' ? [] : path.split('/')) group = group?.group(name) ?? group?.group(FORMER_NAMES.get(name) ?? name);
  return group;
}

function mismatch(expected: string, received: string, where: string): CellstateError {
  return new CellstateError('WEIGHTS_MISMATCH', 'The weights in the file are not those of the model.', {
    expected,
    received,
    where,
    hint: 'The file must come from a model of the same layers, in the same order.',
  });
}
