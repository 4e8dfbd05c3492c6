import { CellstateError, checkOptions } from '@cellstate/core';
import type { Model } from '@cellstate/layers';
import { disk } from '#disk';
import { writeArchive } from './archive/write-archive.ts';
import { checkModel } from './check-model.ts';
import type { LoadedModel, SaveOptions } from './contract.ts';
import { writeWeights } from './weights/write-weights.ts';
import { writeCompile } from './writing/write-compile.ts';
import { writeLayer } from './writing/write-layer.ts';

/** The version whose words the files use; everything in them is understood by all of Keras 3. */
const KERAS_VERSION = '3.6.0';

/**
 * Writes a model as a `.keras` file, which every Keras 3 loads: layers, weights, and compile settings if there are any. No state of
 * recurrent layers and no optimizer state is in it; a trainer's checkpoint has those.
 *
 * @param file a path that ends in `.keras`, in Node; it holds the old file or the new one at every moment. Left out: nothing is written.
 * @returns the bytes of the file.
 * @throws CellstateError `NOT_SERIALIZABLE` for functions of your own, `INVALID_FILE` for another ending, `FILE_NOT_WRITTEN`, `NODE_ONLY`,
 * `INVALID_MODEL`, `UNKNOWN_OPTION`.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { loadModel, saveModel } from '@cellstate/keras';
 * import { lstm, sequential } from '@cellstate/layers';
 *
 * const bytes = await saveModel(sequential([lstm({ units: 2, name: 'memory', inputShape: [null, 1] })]));
 * (await loadModel(bytes)).layers[0].name; // → 'memory'
 * ```
 */
export async function saveModel<Output>(model: Model<Output>, file?: string, options: SaveOptions = {}): Promise<Uint8Array> {
  checkOptions(options, ['compileConfig'], 'saveModel');
  checkModel(model, 'saveModel');
  checkEnding(file, '.keras');
  const { compileConfig = (model as Partial<LoadedModel<Output>>).compileConfig ?? null } = options;
  const target = model as Model<unknown>;
  const config = {
    ...writeLayer({ className: model.className, config: model.getConfig() }, { where: 'saveModel', part: target }),
    compile_config: compileConfig === null ? {} : writeCompile(compileConfig),
  };
  const text = (value: object) => new TextEncoder().encode(pythonJson(value));
  const bytes = await writeArchive({
    'metadata.json': text({ keras_version: KERAS_VERSION, date_saved: '1980-01-01@12:00:00' }),
    'config.json': text(config),
    'model.weights.h5': await writeWeights(target),
  });
  if (file !== undefined) await disk.write(file, bytes);
  return bytes;
}

/** JSON as Python reads it: numbers beyond the reals are bare words. */
function pythonJson(value: object): string {
  const mark = '\u0000';
  const text = JSON.stringify(value, (_, item) => (typeof item === 'number' && !Number.isFinite(item) ? `${mark}${item}` : item));
  return text.replaceAll(/"\\u0000(-?Infinity|NaN)"/g, '$1');
}

/** Throws `INVALID_FILE` unless a path ends so, since Keras tells formats by their endings. */
export function checkEnding(file: string | undefined, ending: string): void {
  if (file === undefined || (typeof file === 'string' && file.endsWith(ending))) return;
  throw new CellstateError('INVALID_FILE', 'The file has another ending than Keras needs to load it.', {
    expected: `a path that ends in ${ending}`,
    received: String(file),
    where: 'file',
  });
}
