import { checkOptions } from '@cellstate/core';
import type { Model } from '@cellstate/layers';
import { readArchive } from './archive/read-archive.ts';
import { DEFAULT_MAX_BYTES, readBytes } from './bytes/read-bytes.ts';
import { checkModel } from './check-model.ts';
import type { KerasFile, LoadOptions } from './contract.ts';
import { isHdf5, openHdf5 } from './hdf5/hdf5-file.ts';
import { legacyWeightsOf } from './legacy/legacy-file.ts';
import { readLegacyWeights } from './legacy/legacy-weights.ts';
import { unknownFormat } from './unknown-format.ts';
import { assignWeights } from './weights/assign-weights.ts';
import { kerasOrder } from './weights/keras-order.ts';
import { readWeights } from './weights/read-weights.ts';

/**
 * Gives a model the weights of a file: a `.weights.h5`, a `.keras`, or an `.h5` of Keras 2. Layers are matched by their place, not by name.
 * Optimizer state in the file is left alone.
 *
 * @param model of the same layers as the one that was saved. It keeps its weights unless all of the new ones fit.
 * @throws CellstateError `WEIGHTS_MISMATCH`, `FILE_NOT_FOUND`, `FILE_TOO_LARGE`, `CORRUPT_FILE`, `UNSUPPORTED_FILE`, `UNSAFE_PATH`, `MISSING_MEMBER`,
 * `INVALID_MODEL`, `UNKNOWN_OPTION`.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { loadWeights, saveWeights } from '@cellstate/keras';
 * import { dense, sequential } from '@cellstate/layers';
 *
 * const trained = sequential([dense({ units: 1, kernelInitializer: 'ones', inputShape: [2] })]);
 * const fresh = sequential([dense({ units: 1, inputShape: [2] })]);
 * await loadWeights(fresh, await saveWeights(trained));
 * (await fresh.predict([[3, 4]])).toNested(); // → [[7]]
 * ```
 */
export async function loadWeights<Output>(
  model: Model<Output>,
  file: KerasFile,
  options: Pick<LoadOptions, 'maxBytes'> = {},
): Promise<void> {
  checkOptions(options, ['maxBytes'], 'loadWeights');
  checkModel(model, 'loadWeights');
  const target = model as Model<unknown>;
  const named = await readBytes(file, options);
  const { name: where } = named;
  const hdf5 = isHdf5(named.bytes);
  if (!hdf5 && (named.bytes[0] !== 0x50 || named.bytes[1] !== 0x4b)) throw unknownFormat(where);
  const bytes = hdf5 ? named.bytes : (await readArchive(named, { maxBytes: options.maxBytes ?? DEFAULT_MAX_BYTES })).weights;
  const root = await openHdf5(bytes, where);
  const legacy = legacyWeightsOf(root);
  const values = legacy === undefined ? readWeights(root, target, { order: kerasOrder, where }) : readLegacyWeights(legacy, target, where);
  assignWeights(target, values);
}
