/// <reference path="./jsfive.d.ts" />
import { CellstateError } from '@cellstate/core';
import type { Dataset as RawDataset, Group as RawGroup } from 'jsfive';
import { corrupt } from '../corrupt.ts';
import { readValues } from './dataset-values.ts';
import { createMeter, type Meter, meteredBuffer } from './meter.ts';

/** A group of an HDF5 file. */
export interface Hdf5Group {
  /** From the root: `/layers/lstm`. */
  readonly path: string;
  readonly names: readonly string[];
  /** The group of this name within; undefined when there is none, or a dataset. */
  group(name: string): Hdf5Group | undefined;
  /** The dataset of this name within; undefined when there is none, or a group. */
  dataset(name: string): Hdf5Dataset | undefined;
  /** An attribute that is a text, or a list of texts; undefined when there is none. */
  text(attribute: string): string | undefined;
  texts(attribute: string): readonly string[] | undefined;
}

/** An array in an HDF5 file. */
export interface Hdf5Dataset {
  readonly path: string;
  readonly shape: readonly number[];
  /** Its values as float32, row-major; read from the file at each call. */
  read(): Float32Array;
}

/** Whether bytes begin as every HDF5 file does. */
export function isHdf5(bytes: Uint8Array): boolean {
  return [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, i) => bytes[i] === byte);
}

/**
 * Opens an HDF5 file that is in memory. Groups, links and attributes are read by jsfive under a meter; values straight from their place.
 *
 * @param where what to call the file in messages.
 * @throws CellstateError `CORRUPT_FILE`, also from the methods of what comes back.
 */
export async function openHdf5(bytes: Uint8Array, where: string): Promise<Hdf5Group> {
  if (!isHdf5(bytes)) throw corrupt(where, 'no HDF5 file');
  checkEnd(bytes, where);
  const { File, Dataset } = await import('jsfive');
  const copy = new Uint8Array(bytes).buffer;
  const reader: Reader = { bytes: copy, where, meter: createMeter(bytes.length, where), isDataset: (raw) => raw instanceof Dataset };
  return attempt(reader, '/', () => groupOf(reader, new File(meteredBuffer(copy, reader.meter), where), ''));
}

/** Where the superblock says, by its version, that the file ends (HDF5 file format specification, II). */
const END_ADDRESS: Readonly<Record<number, number>> = { 0: 40, 2: 28, 3: 28 };

/** Values at the end of a file that was cut off may be missing without a trace elsewhere. */
function checkEnd(bytes: Uint8Array, where: string): void {
  const at = END_ADDRESS[bytes[8] as number];
  if (at === undefined || at + 8 > bytes.length) throw corrupt(where, 'an HDF5 file without its first block');
  const end = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(at, true);
  if (end > BigInt(bytes.length)) throw corrupt(where, `${bytes.length} bytes of ${end}`);
}

interface Reader {
  readonly bytes: ArrayBuffer;
  readonly where: string;
  readonly meter: Meter;
  isDataset(raw: RawGroup | RawDataset): raw is RawDataset;
}

function groupOf(reader: Reader, raw: RawGroup, path: string): Hdf5Group {
  const members = new Map<string, Hdf5Group | Hdf5Dataset>();
  const member = (name: string): Hdf5Group | Hdf5Dataset | undefined => {
    if (!Object.hasOwn(raw._links, name)) return undefined;
    const known = members.get(name);
    if (known !== undefined) return known;
    const at = `${path}/${name}`;
    if (typeof raw._links[name] !== 'number') throw corrupt(`${reader.where}, ${at}`, 'a link to another place');
    const found = attempt(reader, at, () => {
      const child = raw.get(name);
      return reader.isDataset(child) ? datasetOf(reader, child, at) : groupOf(reader, child, at);
    });
    members.set(name, found);
    return found;
  };
  const attribute = (name: string): unknown => attempt(reader, path, () => attributesOf(reader, raw)[name]);
  return {
    path: path === '' ? '/' : path,
    names: Object.keys(raw._links),
    group: (name) => {
      const found = member(name);
      return found !== undefined && 'names' in found ? found : undefined;
    },
    dataset: (name) => {
      const found = member(name);
      return found !== undefined && 'read' in found ? found : undefined;
    },
    text: (name) => {
      const value = attribute(name);
      return typeof value === 'string' ? trimmed(value) : undefined;
    },
    texts: (name) => {
      const value = attribute(name);
      if (!Array.isArray(value) || value.some((item) => typeof item !== 'string')) return undefined;
      return value.map(trimmed);
    },
  };
}

function datasetOf(reader: Reader, raw: RawDataset, path: string): Hdf5Dataset {
  const { shape } = raw;
  return { path, shape, read: () => attempt(reader, path, () => readValues(reader.bytes, raw)) };
}

/** Texts of variable length live elsewhere in the file, and many may share one place: each is charged anew. */
function attributesOf(reader: Reader, raw: RawGroup): Record<string, unknown> {
  const objects = raw._dataobjects;
  const read = Object.getPrototypeOf(objects)._vlen_size_and_data as typeof objects._vlen_size_and_data;
  objects._vlen_size_and_data = (buffer, offset) => {
    const found = read.call(objects, buffer, offset);
    reader.meter.charge(found[1]?.byteLength ?? 0);
    return found;
  };
  return raw.attrs;
}

/** Files of h5py 2 pad texts with zeros. */
function trimmed(text: string): string {
  return text.replace(/\0+$/, '');
}

/** Runs jsfive, whose complaints are strings and errors of every kind. */
function attempt<T>(reader: Reader, path: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof CellstateError) throw cause;
    throw corrupt(`${reader.where}, ${path === '' ? '/' : path}`, `HDF5 that cannot be read: ${String(cause).slice(0, 100)}`, cause);
  }
}
