import { CellstateError, size } from '@cellstate/core';
import type { Dataset } from 'jsfive';
import { corrupt } from '../corrupt.ts';

/** The message of an object's header that says where its values are (HDF5 file format specification, IV.A.2.i). */
const LAYOUT_MESSAGE = 8;
const COMPACT = 0;
const CONTIGUOUS = 1;

type Getter = (view: DataView, offset: number, littleEndian: boolean) => number;

const GETTERS: Readonly<Record<string, { readonly bytes: number; readonly get: Getter }>> = {
  f2: { bytes: 2, get: (view, offset, little) => halfFloat(view.getUint16(offset, little)) },
  f4: { bytes: 4, get: (view, offset, little) => view.getFloat32(offset, little) },
  f8: { bytes: 8, get: (view, offset, little) => view.getFloat64(offset, little) },
  i1: { bytes: 1, get: (view, offset) => view.getInt8(offset) },
  i2: { bytes: 2, get: (view, offset, little) => view.getInt16(offset, little) },
  i4: { bytes: 4, get: (view, offset, little) => view.getInt32(offset, little) },
  i8: { bytes: 8, get: (view, offset, little) => Number(view.getBigInt64(offset, little)) },
  u1: { bytes: 1, get: (view, offset) => view.getUint8(offset) },
  u2: { bytes: 2, get: (view, offset, little) => view.getUint16(offset, little) },
  u4: { bytes: 4, get: (view, offset, little) => view.getUint32(offset, little) },
  u8: { bytes: 8, get: (view, offset, little) => Number(view.getBigUint64(offset, little)) },
};

/**
 * The values of a dataset as float32, straight from their place in the file: jsfive would make a list of doubles of them first.
 *
 * @throws CellstateError `CORRUPT_FILE` when they are not all in the file; `UNSUPPORTED_FILE` for compressed or split values and for types
 * that are no numbers.
 */
export function readValues(file: ArrayBuffer, dataset: Dataset): Float32Array {
  const { dtype, shape, name } = dataset;
  const getter = typeof dtype === 'string' ? GETTERS[dtype.replace(/^[<>=!@|]/, '')] : undefined;
  if (getter === undefined) throw unsupported('values that are no numbers', name);
  const count = size(shape);
  const bytes = count * getter.bytes;
  const start = placeOf(file, dataset);
  if (!(start + bytes <= file.byteLength)) throw corrupt(name, `[${shape.join(', ')}] values, more than the file holds`);
  const little = !/^[>!]/.test(dtype as string);
  if (dtype === '<f4' && LITTLE_ENDIAN_MACHINE) return new Float32Array(ArrayBuffer.prototype.slice.call(file, start, start + bytes));
  const view = new DataView(file);
  return Float32Array.from({ length: count }, (_, i) => getter.get(view, start + i * getter.bytes, little));
}

const LITTLE_ENDIAN_MACHINE: boolean = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function placeOf(file: ArrayBuffer, { _dataobjects: objects, name }: Dataset): number {
  const [message] = objects.find_msg_type(LAYOUT_MESSAGE);
  if (message === undefined) throw corrupt(name, 'no word on where its values are');
  const view = new DataView(file);
  const at = message.get('offset_to_message');
  const version = view.getUint8(at);
  if (version < 1 || version > 4) throw corrupt(name, `layout version ${version}`);
  const kind = view.getUint8(version < 3 ? at + 2 : at + 1);
  const place = version < 3 ? at + 8 : at + 2;
  if (kind === COMPACT && version >= 3) return place + 2;
  if (kind !== CONTIGUOUS) throw unsupported('values in pieces or compressed', name);
  const start = view.getBigUint64(place, true);
  if (start >= BigInt(file.byteLength)) throw corrupt(name, 'values beyond the end of the file');
  return Number(start);
}

/** IEEE 754 half precision. */
function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function unsupported(received: string, where: string): CellstateError {
  return new CellstateError('UNSUPPORTED_FILE', 'A dataset is stored in a form that Keras does not write.', {
    expected: 'numbers, stored in one piece and as they are',
    received,
    where,
    hint: 'h5repack -l CONTI -f NONE in.h5 out.h5 rewrites the file so.',
  });
}
