import { CellstateError, describe } from '@cellstate/core';
import type { Layer, Model, Parameter } from '@cellstate/layers';
import type { Hdf5Dataset, Hdf5Group } from '../hdf5/hdf5-file.ts';
import type { LoadedValues } from '../weights/assign-weights.ts';
import { fromCudnn } from './cudnn-weights.ts';
import { textsInPieces } from './texts-in-pieces.ts';

/** One stored array. */
export interface Stored {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * Finds the values of every parameter in a Keras 2 file: layer by layer, in order, layers without weights left out on both sides.
 *
 * @throws CellstateError `WEIGHTS_MISMATCH`, `CORRUPT_FILE`.
 */
export function readLegacyWeights(group: Hdf5Group, model: Model<unknown>, where: string): LoadedValues {
  const names = textsInPieces(group, 'layer_names') ?? [];
  const stored = names.map((name) => storedIn(group, name, where)).filter(({ datasets }) => datasets.length > 0);
  const layers = model.layers.filter((layer) => layer.parameters.length > 0);
  if (stored.length !== layers.length) throw mismatch(`weights of ${layers.length} of its layers`, `of ${stored.length}`, where);
  const values: LoadedValues = new Map();
  for (const [index, layer] of layers.entries()) {
    const { name, datasets } = stored[index] as StoredLayer;
    const place = `${where}, ${name} (${layer.name})`;
    const parameters = trainableFirst(layer);
    const arrays = fromCudnn(
      layer,
      datasets.map(({ shape, read }) => ({ shape, data: read() })),
    );
    if (arrays.length !== parameters.length) throw mismatch(`${parameters.length} weights`, `${arrays.length}`, place);
    for (const [i, { variable, path }] of parameters.entries()) {
      const { shape, data } = arrays[i] as Stored;
      if (describe(shape) !== describe(variable.shape)) throw mismatch(describe(variable.shape), describe(shape), `${place}, ${path}`);
      values.set(variable, data);
    }
  }
  return values;
}

interface StoredLayer {
  readonly name: string;
  readonly datasets: readonly Hdf5Dataset[];
}

function storedIn(group: Hdf5Group, name: string, where: string): StoredLayer {
  const layer = group.group(name);
  const weightNames = layer === undefined ? undefined : textsInPieces(layer, 'weight_names');
  const datasets = (weightNames ?? []).map((path) => {
    const parts = path.split('/');
    const last = parts.pop() as string;
    let current = layer;
    for (const part of parts) current = current?.group(part);
    const dataset = current?.dataset(last);
    if (dataset === undefined) throw mismatch(path, 'nothing', `${where}, ${name}`);
    return dataset;
  });
  return { name, datasets };
}

/** Keras 2 keeps all that is trained before all that is not, across the layers within a layer. */
function trainableFirst(layer: Layer<unknown>): readonly Parameter[] {
  const all = layer.parameters;
  return [...all.filter(({ trainable }) => trainable), ...all.filter(({ trainable }) => !trainable)];
}

function mismatch(expected: string, received: string, where: string): CellstateError {
  return new CellstateError('WEIGHTS_MISMATCH', 'The weights in the file are not those of the model.', { expected, received, where });
}
