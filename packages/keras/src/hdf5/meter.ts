import { corrupt } from '../corrupt.ts';

/** Counts what reading a file costs, and ends it when that is more than any sound file of this size needs. */
export interface Meter {
  charge(units: number): void;
}

const FIXED_UNITS = 2 ** 26;
const UNITS_PER_BYTE = 64;
const SMALLEST_CHARGE = 16;

/** A meter for a file of so many bytes. It throws `CORRUPT_FILE` when it runs out. */
export function createMeter(bytes: number, where: string): Meter {
  let left = FIXED_UNITS + UNITS_PER_BYTE * bytes;
  return {
    charge(units) {
      left -= units;
      if (!(left >= 0)) throw corrupt(where, 'parts of the file refer to each other without end');
    },
  };
}

/** Bytes of an entry of a group's tree, and of its table of names. */
const TREE_ENTRY = 16;
const TABLE_ENTRY = 40;

/**
 * A copy of a file that charges a meter for everything read from it.
 *
 * jsfive trusts a file: a tree that refers to itself, or a thousand entries that share one long name, would keep it busy for hours. It
 * asks the buffer for a slice at every signature, name and text, so that is where the costs are counted; a node is charged for all
 * its entries, a table of names for the heap that its names may fill.
 */
export function meteredBuffer(source: ArrayBuffer, meter: Meter): ArrayBuffer {
  let heapBytes = 0;
  const plain = ArrayBuffer.prototype.slice;
  const view = new DataView(source);
  const slice = function (this: ArrayBuffer, begin?: number, end?: number): ArrayBuffer {
    const part = plain.call(source, begin ?? 0, end);
    meter.charge(SMALLEST_CHARGE + part.byteLength);
    const start = begin ?? 0;
    if (part.byteLength === 4 && start + 24 <= source.byteLength) {
      const tag = new TextDecoder().decode(part);
      if (tag === 'TREE') meter.charge(TREE_ENTRY * view.getUint16(start + 6, true));
      if (tag === 'HEAP') heapBytes = Math.min(view.getUint32(start + 8, true), source.byteLength);
      if (tag === 'SNOD') meter.charge((TABLE_ENTRY + heapBytes) * view.getUint16(start + 6, true));
      if (tag === 'FRHP') throw corrupt('HDF5', 'a group in the dense form, which Keras does not write');
    }
    return meteredBuffer(part, meter);
  };
  return Object.defineProperty(source, 'slice', { value: slice });
}
