import { checkOptions } from '@cellstate/core';
import type { Model, SymbolicTensor } from '@cellstate/layers';
import { readArchive } from './archive/read-archive.ts';
import { DEFAULT_MAX_BYTES, type NamedBytes, readBytes } from './bytes/read-bytes.ts';
import { invalidConfig, isObject, type JsonObject, own, parseJson, textAt } from './config/json.ts';
import { parameterBudget } from './config/parameter-budget.ts';
import { readCompile } from './config/read-compile.ts';
import { readLayer } from './config/read-layer.ts';
import type { Reading } from './config/reading.ts';
import type { CompileConfig, KerasFile, LoadedModel, LoadOptions } from './contract.ts';
import { isHdf5, openHdf5 } from './hdf5/hdf5-file.ts';
import { openLegacy, readLegacyCompile } from './legacy/legacy-file.ts';
import { readLegacyWeights } from './legacy/legacy-weights.ts';
import { unknownFormat } from './unknown-format.ts';
import { assignWeights, type LoadedValues } from './weights/assign-weights.ts';
import { readWeights } from './weights/read-weights.ts';
import { isModel } from './weights/weight-places.ts';

/**
 * Opens a model that Keras saved: a `.keras` file of Keras 3 (and of Keras 2.12 on), or a whole-model `.h5` of Keras 2 or 3.
 *
 * All of it is checked before anything comes back: sizes before memory is taken, checksums, every option of every layer, the shape of
 * every weight. Code in a file is never run. Options of a configuration that these layers lack throw; none is left unread.
 *
 * @param file a path in Node; bytes or a Blob anywhere.
 * @returns the model, with `compileConfig` for `createTrainer(model, model.compileConfig)`. Its `dispose` also frees the models within.
 * @throws CellstateError `FILE_NOT_FOUND`, `FILE_TOO_LARGE`, `CORRUPT_FILE`, `UNSUPPORTED_FILE`, `UNSAFE_PATH`, `MISSING_MEMBER`, `INVALID_CONFIG`,
 * `UNKNOWN_LAYER`, `PYTHON_CODE`, `UNSUPPORTED_OPTION`, `UNSUPPORTED_OBJECT`, `UNSUPPORTED_DTYPE`, `WEIGHTS_MISMATCH`, `UNKNOWN_OPTION`; what the
 * layers' factories throw.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { loadModel, saveModel } from '@cellstate/keras';
 * import { dense, lstm, sequential } from '@cellstate/layers';
 *
 * const bytes = await saveModel(sequential([lstm({ units: 4, inputShape: [3, 1] }), dense({ units: 1 })]));
 * const model = await loadModel(bytes);
 * model.countParams(); // → 101
 * ```
 */
export async function loadModel<Output = SymbolicTensor>(file: KerasFile, options: LoadOptions = {}): Promise<LoadedModel<Output>> {
  checkOptions(options, ['customLayers', 'compile', 'maxBytes'], 'loadModel');
  const named = await readBytes(file, options);
  return (isHdf5(named.bytes) ? loadLegacy(named, options) : loadArchive(named, options)) as Promise<LoadedModel<Output>>;
}

async function loadArchive(named: NamedBytes, options: LoadOptions): Promise<LoadedModel<unknown>> {
  const where = named.name;
  if (named.bytes[0] !== 0x50 || named.bytes[1] !== 0x4b) throw unknownFormat(where);
  const { metadata, config, weights } = await readArchive(named, { maxBytes: options.maxBytes ?? DEFAULT_MAX_BYTES });
  const place = `${where}, config.json`;
  const object = parseJson(new TextDecoder().decode(config), place);
  if (!isObject(object)) throw invalidConfig(place, { expected: 'a model', received: object });
  const root = await openHdf5(weights, `${where}, model.weights.h5`);
  const reading = startReading(options, { weightBytes: weights.length, version: versionOf(metadata, where), where });
  return finish(reading, () => {
    const compileConfig = options.compile === false ? null : readCompile(own(object, 'compile_config'), `${place}, compile_config`);
    const model = readModel(object, reading, place);
    const order = (each: Model<unknown>) => reading.order.get(each) ?? each.layers;
    return { model, compileConfig, values: readWeights(root, model, { order, where: `${where}, model.weights.h5` }) };
  });
}

/** What the file says of itself; undefined where it says nothing. */
function versionOf(metadata: Uint8Array | null, where: string): string | undefined {
  const parsed = metadata === null ? null : parseJson(new TextDecoder().decode(metadata), `${where}, metadata.json`);
  const version = isObject(parsed ?? undefined) ? own(parsed as JsonObject, 'keras_version') : undefined;
  return typeof version === 'string' ? version : undefined;
}

async function loadLegacy(named: NamedBytes, options: LoadOptions): Promise<LoadedModel<unknown>> {
  const where = named.name;
  const legacy = await openLegacy(await openHdf5(named.bytes, where), where);
  const reading = startReading(options, { weightBytes: named.bytes.length, version: legacy.version, where });
  return finish(reading, () => {
    const compileConfig = options.compile === false ? null : readLegacyCompile(legacy, where);
    const model = readModel(legacy.config, reading, `${where}, model_config`);
    return { model, compileConfig, values: readLegacyWeights(legacy.weights, model, where) };
  });
}

function startReading(
  { customLayers = {} }: LoadOptions,
  file: { readonly weightBytes: number; readonly version: string | undefined; readonly where: string },
): Reading {
  return {
    customLayers,
    // Keras 2.12 to 2.15 wrote archives too.
    dialect: /^[12]\b/.test(file.version ?? '') ? 'keras2' : 'keras3',
    listsLoseMasks: /^3[.][0-3]\b/.test(file.version ?? ''),
    within: false,
    budget: parameterBudget(file.weightBytes, file.where),
    models: [],
    order: new Map(),
    readLayer,
  };
}

function readModel(object: JsonObject, reading: Reading, where: string): Model<unknown> {
  const layer = readLayer(object, reading, { where });
  if (isModel(layer)) return layer;
  throw invalidConfig(where, { expected: 'a Sequential or Functional model', received: textAt(object, 'class_name', where) });
}

interface Read {
  readonly model: Model<unknown>;
  readonly compileConfig: CompileConfig | null;
  readonly values: LoadedValues;
}

/** Assigns the weights when all was read; frees every model when something was not. */
function finish(reading: Reading, read: () => Read): LoadedModel<unknown> {
  let complete = false;
  try {
    const { model, compileConfig, values } = read();
    assignWeights(model, values);
    complete = true;
    return withInnerModels(Object.assign(model, { compileConfig }), reading.models);
  } finally {
    if (!complete) for (const model of reading.models) model.dispose();
  }
}

/** Models within were made on the way, so nobody else frees them. */
function withInnerModels(model: LoadedModel<unknown>, models: readonly Model<unknown>[]): LoadedModel<unknown> {
  const { dispose } = model;
  const inner = models.filter((each) => each !== model);
  return Object.assign(model, {
    dispose: () => {
      dispose();
      for (const each of inner) each.dispose();
    },
  });
}
