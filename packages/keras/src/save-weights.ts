import type { Model } from '@cellstate/layers';
import { disk } from '#disk';
import { checkModel } from './check-model.ts';
import { checkEnding } from './save-model.ts';
import { writeWeights } from './weights/write-weights.ts';

/**
 * Writes a model's weights as a `.weights.h5` file, for `loadWeights` here or `model.load_weights` in Keras 3.
 *
 * @param file a path that ends in `.weights.h5`, in Node. Left out: nothing is written.
 * @returns the bytes of the file.
 * @throws CellstateError `INVALID_FILE` for another ending, `FILE_NOT_WRITTEN`, `NODE_ONLY`, `INVALID_MODEL`.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { saveWeights } from '@cellstate/keras';
 * import { dense, sequential } from '@cellstate/layers';
 *
 * const bytes = await saveWeights(sequential([dense({ units: 1, inputShape: [2] })]));
 * bytes[1] === 'H'.charCodeAt(0); // → true
 * ```
 */
export async function saveWeights<Output>(model: Model<Output>, file?: string): Promise<Uint8Array> {
  checkModel(model, 'saveWeights');
  checkEnding(file, '.weights.h5');
  const bytes = await writeWeights(model as Model<unknown>);
  if (file !== undefined) await disk.write(file, bytes);
  return bytes;
}
