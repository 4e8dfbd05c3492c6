import { CellstateError } from '@cellstate/core';
import crc32c from 'crc-32/crc32c.js';
import type { Saved, SavedValues } from './saved.ts';

/*
 * A checkpoint is one run of bytes, little-endian:
 *
 *   0   8 bytes    "CELLCKPT"
 *   8   uint32     version of this layout
 *   12  uint32     CRC-32C of all bytes from 16 on
 *   16  float64    length of the whole
 *   24  uint32     length of the header
 *   28  header     JSON in UTF-8; where an array stood it has { "$array": [type, offset, length] }
 *   …   arrays     one after the other, each at a multiple of 8 bytes
 *
 * One file, so that one rename replaces all of it.
 */
const MAGIC = 'CELLCKPT';
const VERSION = 1;
const CHECKED_FROM = 16;
const HEADER = 28;

const TYPES = { float32: Float32Array, float64: Float64Array, int32: Int32Array, uint8: Uint8Array } as const;
type TypeName = keyof typeof TYPES;

/** Writes what is to be saved as bytes. */
export function toBytes(saved: Saved): Uint8Array {
  const arrays: SavedValues[] = [];
  let offset = 0;
  const header = new TextEncoder().encode(
    JSON.stringify(
      marked(saved, (values) => {
        arrays.push(values);
        const entry = [typeName(values), offset, values.length];
        offset += padded(values.byteLength);
        return entry;
      }),
    ),
  );
  const start = padded(HEADER + header.length);
  const bytes = new Uint8Array(start + offset);
  bytes.set(header, HEADER);
  let at = start;
  for (const values of arrays) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += padded(values.byteLength);
  }
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(MAGIC));
  view.setUint32(8, VERSION, true);
  view.setFloat64(16, bytes.length, true);
  view.setUint32(24, header.length, true);
  view.setInt32(12, crc32c.buf(bytes.subarray(CHECKED_FROM)), true);
  return bytes;
}

/**
 * Reads what `toBytes` wrote.
 *
 * @param where the file, for the message.
 * @throws CellstateError `CHECKPOINT_CORRUPT` when a single bit is not as it was written, `CHECKPOINT_VERSION` for a layout of another version.
 */
export function fromBytes(bytes: Uint8Array, where: string): Saved {
  const damage = damageOf(bytes);
  if (damage !== null) throw corrupt(damage, where);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint32(8, true);
  if (version !== VERSION) {
    throw new CellstateError('CHECKPOINT_VERSION', 'The checkpoint was written by another version of Cellstate.', {
      expected: `layout ${VERSION}`,
      received: `layout ${version}`,
      where,
    });
  }
  const length = view.getUint32(24, true);
  const start = padded(HEADER + length);
  return unmarked(JSON.parse(new TextDecoder().decode(bytes.subarray(HEADER, HEADER + length))), ([type, offset, count]) => {
    const from = bytes.byteOffset + start + offset;
    const kind = TYPES[type];
    return new kind(bytes.buffer.slice(from, from + count * kind.BYTES_PER_ELEMENT) as ArrayBuffer);
  });
}

/** What is wrong with the bytes of a checkpoint; null when nothing is. */
export function damageOf(bytes: Uint8Array): string | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER || new TextDecoder().decode(bytes.subarray(0, MAGIC.length)) !== MAGIC)
    return 'it does not begin as a checkpoint does';
  if (view.getFloat64(16, true) !== bytes.length) return `it has ${bytes.length} bytes, not ${view.getFloat64(16, true)}`;
  return view.getInt32(12, true) === crc32c.buf(bytes.subarray(CHECKED_FROM)) ? null : 'its checksum does not fit';
}

type ArrayEntry = readonly [TypeName, number, number];

/** Plain JSON: arrays, numbers that JSON lacks, and keys that look like these marks, under a key with a dollar. */
function marked(saved: Saved, addArray: (values: SavedValues) => unknown): unknown {
  if (typeof saved === 'number')
    return Number.isFinite(saved) && !Object.is(saved, -0) ? saved : { $number: Object.is(saved, -0) ? '-0' : String(saved) };
  if (saved === null || typeof saved !== 'object') {
    if (saved === null || typeof saved === 'boolean' || typeof saved === 'string') return saved;
    throw notSavable(typeof saved);
  }
  if (ArrayBuffer.isView(saved)) return { $array: addArray(saved as SavedValues) };
  if (Array.isArray(saved)) return saved.map((entry) => marked(entry, addArray));
  const prototype = Object.getPrototypeOf(saved);
  if (prototype !== Object.prototype && prototype !== null) throw notSavable(`an object of class ${saved.constructor.name}`);
  const entries = Object.entries(saved as Record<string, Saved>).map(([key, entry]) => [key, marked(entry, addArray)] as const);
  return entries.some(([key]) => key.startsWith('$')) ? { $entries: entries } : Object.fromEntries(entries);
}

function unmarked(json: unknown, readArray: (entry: ArrayEntry) => SavedValues): Saved {
  if (typeof json !== 'object' || json === null) return json as Saved;
  if (Array.isArray(json)) return json.map((entry) => unmarked(entry, readArray));
  const { $number, $array, $entries } = json as { $number?: string; $array?: ArrayEntry; $entries?: [string, unknown][] };
  if ($number !== undefined) return Number($number);
  if ($array !== undefined) return readArray($array);
  return Object.fromEntries(($entries ?? Object.entries(json)).map(([key, entry]) => [key, unmarked(entry, readArray)]));
}

function typeName(values: SavedValues): TypeName {
  const name = (Object.keys(TYPES) as TypeName[]).find((type) => values instanceof TYPES[type]);
  if (name === undefined) throw notSavable((values as object).constructor.name);
  return name;
}

function padded(length: number): number {
  return Math.ceil(length / 8) * 8;
}

function corrupt(how: string, where: string): CellstateError {
  return new CellstateError('CHECKPOINT_CORRUPT', 'The checkpoint is damaged.', {
    expected: 'the bytes that save wrote',
    received: how,
    where,
    hint: 'Resume from an older one; backupAndRestore({ doubleCheckpoint: true }) keeps two.',
  });
}

function notSavable(what: string): CellstateError {
  return new CellstateError('NOT_SAVABLE', 'A checkpoint holds plain data and typed arrays only.', {
    expected: 'null, booleans, numbers, text, Float32Array, Float64Array, Int32Array, Uint8Array, lists and records of them',
    received: what,
    where: 'checkpoint',
    hint: "Look at what the callbacks' memory.save() gives.",
  });
}
