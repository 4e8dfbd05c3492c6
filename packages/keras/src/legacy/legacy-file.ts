import { CellstateError } from '@cellstate/core';
import { invalidConfig, isObject, type JsonObject, own, parseJson } from '../config/json.ts';
import { readCompile } from '../config/read-compile.ts';
import type { CompileConfig } from '../contract.ts';
import type { Hdf5Group } from '../hdf5/hdf5-file.ts';
import { textsInPieces } from './texts-in-pieces.ts';

/** A whole-model `.h5`. */
export interface LegacyFile {
  readonly config: JsonObject;
  readonly training: JsonObject | null;
  readonly weights: Hdf5Group;
  readonly version: string;
}

/**
 * Tells the parts of a whole-model `.h5` apart.
 *
 * @throws CellstateError `UNSUPPORTED_FILE` for a file that holds weights alone, `CORRUPT_FILE`, `INVALID_CONFIG`.
 */
export async function openLegacy(root: Hdf5Group, where: string): Promise<LegacyFile> {
  const text = root.text('model_config');
  const weights = root.group('model_weights');
  if (text === undefined || weights === undefined) {
    throw new CellstateError('UNSUPPORTED_FILE', 'The file holds no model.', {
      expected: 'model_config and model_weights, as model.save writes them',
      received: root.names.join(', ') || 'an empty file',
      where,
      hint: 'A file of weights alone goes into a model of the same layers: loadWeights(model, file).',
    });
  }
  const config = parseJson(text, `${where}, model_config`);
  if (!isObject(config)) throw invalidConfig(`${where}, model_config`, { expected: 'a model', received: config });
  const training = root.text('training_config');
  const parsed = training === undefined ? null : parseJson(training, `${where}, training_config`);
  return {
    config: asModel(config),
    training: isObject(parsed) ? parsed : null,
    weights,
    version: root.text('keras_version') ?? weights.text('keras_version') ?? '2',
  };
}

/** Before Keras 2.3 the configuration of a Sequential is the list of its layers. */
function asModel(config: JsonObject): JsonObject {
  const inner = own(config, 'config');
  return Array.isArray(inner) ? { ...config, config: { name: 'sequential', layers: inner } } : config;
}

/** Compile settings in the words of Keras 2. */
export function readLegacyCompile({ training }: LegacyFile, where: string): CompileConfig | null {
  if (training === null) return null;
  const { optimizer_config: optimizer, sample_weight_mode: _mode, ...rest } = training;
  return readCompile({ ...rest, ...(optimizer === undefined ? {} : { optimizer }) }, `${where}, training_config`);
}

/** The group of a Keras 2 file whose attribute lists layers: of a whole model, or of weights alone; undefined in a file of Keras 3. */
export function legacyWeightsOf(root: Hdf5Group): Hdf5Group | undefined {
  const weights = root.group('model_weights') ?? root;
  return textsInPieces(weights, 'layer_names') === undefined ? undefined : weights;
}
