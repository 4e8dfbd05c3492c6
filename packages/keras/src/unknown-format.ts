import { CellstateError } from '@cellstate/core';

/** The error for bytes that are no file of Keras. */
export function unknownFormat(where: string): CellstateError {
  return new CellstateError('UNSUPPORTED_FILE', "This is no file of Keras'.", {
    expected: 'a .keras archive or an HDF5 file',
    received: 'bytes that begin like neither',
    where,
    hint: 'A SavedModel folder or a model.json of TensorFlow.js must be saved as .keras from Keras first.',
  });
}
