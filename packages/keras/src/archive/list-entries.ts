import { CellstateError } from '@cellstate/core';
import { corrupt } from '../corrupt.ts';

/** One member of an archive, as the directory at its end lists it. */
export interface Entry {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: 0 | 8;
  readonly crc: number;
  readonly size: number;
  readonly packedSize: number;
  /** Where its packed bytes start. */
  readonly start: number;
}

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const DIRECTORY_SIGNATURE = 0x02014b50;
const DIRECTORY_BYTES = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
const LONGEST_COMMENT = 0xffff;
const ZIP64_SIZE = 0xffffffff;
/** A `.keras` file has three members and a few assets. */
const MOST_MEMBERS = 10_000;

/**
 * The members of a zip archive (PKWARE's APPNOTE, sections 4.3.7 to 4.3.16), with every offset and size held against the bytes there are.
 *
 * @throws CellstateError `CORRUPT_FILE`; `UNSUPPORTED_FILE` for encrypted, split and zip64 archives.
 */
export function listEntries(bytes: Uint8Array, where: string): readonly Entry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view, where);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (view.getUint16(end + 4, true) !== 0 || at === ZIP64_SIZE) throw unsupported('a split or zip64 archive', where);
  if (count > MOST_MEMBERS) throw corrupt(where, `${count} members`);
  const entries: Entry[] = [];
  for (let i = 0; i < count; i++) {
    if (at + DIRECTORY_BYTES > end || view.getUint32(at, true) !== DIRECTORY_SIGNATURE) {
      throw corrupt(where, `the directory ends after ${i} of ${count} members`);
    }
    const lengths = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [number, number, number];
    entries.push(readEntry(view, { at, nameLength: lengths[0], where }));
    at += DIRECTORY_BYTES + lengths[0] + lengths[1] + lengths[2];
  }
  return entries;
}

function findEnd(view: DataView, where: string): number {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
    if (view.getUint32(at, true) === END_SIGNATURE && at + END_BYTES + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  throw corrupt(where, 'an archive without its directory');
}

interface Place {
  readonly at: number;
  readonly nameLength: number;
  readonly where: string;
}

function readEntry(view: DataView, { at, nameLength, where }: Place): Entry {
  const text = (start: number, length: number) => {
    if (start + length > view.byteLength) throw corrupt(where, 'a name beyond the end');
    return new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + start, length));
  };
  const name = text(at + DIRECTORY_BYTES, nameLength);
  const method = view.getUint16(at + 10, true);
  const local = view.getUint32(at + 42, true);
  const [crc, packedSize, size] = [16, 20, 24].map((offset) => view.getUint32(at + offset, true)) as [number, number, number];
  if (view.getUint16(at + 8, true) & 1) throw unsupported('an encrypted member', where);
  if (method !== 0 && method !== 8) throw unsupported(`a member packed by method ${method}`, where);
  if ([size, packedSize, local].includes(ZIP64_SIZE)) throw unsupported('a zip64 member', where);
  if (local + LOCAL_BYTES > view.byteLength || view.getUint32(local, true) !== LOCAL_SIGNATURE) {
    throw corrupt(where, `${name} is not where the directory says`);
  }
  const localName = view.getUint16(local + 26, true);
  const start = local + LOCAL_BYTES + localName + view.getUint16(local + 28, true);
  if (start + packedSize > view.byteLength) throw corrupt(where, `${name} goes on beyond the end`);
  if (text(local + LOCAL_BYTES, localName) !== name) throw corrupt(where, `${name} has two names`);
  return { name, method, crc, size, packedSize, start };
}

function unsupported(received: string, where: string): CellstateError {
  return new CellstateError('UNSUPPORTED_FILE', 'Archives of this kind are not read.', {
    expected: 'a plain zip archive below 4 GiB, as Keras writes it',
    received,
    where,
  });
}
