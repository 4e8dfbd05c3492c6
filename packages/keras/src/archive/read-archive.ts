import { CellstateError } from '@cellstate/core';
import type { NamedBytes } from '../bytes/read-bytes.ts';
import { tooLarge } from '../bytes/too-large.ts';
import { corrupt } from '../corrupt.ts';
import { crc32 } from './crc-32.ts';
import { type Entry, listEntries } from './list-entries.ts';

/** Unpacked bytes for each packed byte beyond which a large member counts as a bomb. Weights shrink to a tenth at best. */
const LARGEST_EXPANSION = 100;
/** Below this size any expansion is harmless. */
const HARMLESS_BYTES = 16 * 2 ** 20;

/** The members of a `.keras` file that make the model. */
export interface KerasArchive {
  /** `metadata.json`, which some files lack. */
  readonly metadata: Uint8Array | null;
  readonly config: Uint8Array;
  readonly weights: Uint8Array;
}

/**
 * Unpacks a `.keras` file. Nothing is unpacked that the model does not need, and only after every declared size is checked.
 *
 * @throws CellstateError `CORRUPT_FILE`, `FILE_TOO_LARGE`, `UNSAFE_PATH`, `MISSING_MEMBER`, `UNSUPPORTED_FILE`.
 */
export async function readArchive({ bytes, name }: NamedBytes, { maxBytes }: { readonly maxBytes: number }): Promise<KerasArchive> {
  const entries = listEntries(bytes, name);
  for (const entry of entries) checkPath(entry, name);
  const config = find(entries, 'config.json', name);
  const weights = find(entries, 'model.weights.h5', name);
  const metadata = entries.some(({ name: member }) => member === 'metadata.json') ? find(entries, 'metadata.json', name) : null;
  const wanted = [config, weights, ...(metadata === null ? [] : [metadata])];
  for (const entry of wanted) checkSize(entry, { maxBytes, name });
  const total = wanted.reduce((sum, { size }) => sum + size, 0);
  if (total > maxBytes) throw tooLarge(total, { maxBytes, where: name });
  const { inflateSync } = await import('fflate');
  const unpack = (entry: Entry): Uint8Array => {
    const packed = bytes.subarray(entry.start, entry.start + entry.packedSize);
    const unpacked = entry.method === 0 ? packed : inflated(packed, { entry, name, inflateSync });
    if (unpacked.length !== entry.size) throw corrupt(name, `${entry.name} has ${unpacked.length} bytes and declares ${entry.size}`);
    if (crc32(unpacked) !== entry.crc) throw corrupt(name, `the checksum of ${entry.name} is wrong`);
    return unpacked;
  };
  return { metadata: metadata === null ? null : unpack(metadata), config: unpack(config), weights: unpack(weights) };
}

interface Inflating {
  readonly entry: Entry;
  readonly name: string;
  readonly inflateSync: (data: Uint8Array, options: { out: Uint8Array }) => Uint8Array;
}

/** The output is as long as declared, so that a member which lies about its size fills no memory. */
function inflated(packed: Uint8Array, { entry, name, inflateSync }: Inflating): Uint8Array {
  try {
    return inflateSync(packed, { out: new Uint8Array(entry.size) });
  } catch (cause) {
    throw corrupt(name, `${entry.name} cannot be unpacked`, cause);
  }
}

function find(entries: readonly Entry[], member: string, where: string): Entry {
  const found = entries.filter(({ name }) => name === member);
  if (found.length > 1) throw corrupt(where, `${member} occurs ${found.length} times`);
  const [entry] = found;
  if (entry !== undefined) return entry;
  throw new CellstateError('MISSING_MEMBER', `The archive lacks ${member}.`, {
    expected: 'config.json and model.weights.h5',
    received: entries.map(({ name }) => name).join(', ') || 'no member',
    where,
    hint: entries.some(({ name }) => /[.](weights[.]json|npz)$/.test(name))
      ? 'Save the model in one .h5 part; sharded and npz weights are not read.'
      : 'A .keras file of Keras 3 holds both.',
  });
}

/** A path that leaves the archive is an attack, even though nothing here is written to a disk. */
function checkPath({ name }: Entry, where: string): void {
  if (!/^([/\\]|[A-Za-z]:)|(^|[/\\])[.][.]([/\\]|$)|\0/.test(name)) return;
  throw new CellstateError('UNSAFE_PATH', 'A member of the archive has a path that leads out of it.', {
    expected: 'paths within the archive',
    received: JSON.stringify(name),
    where,
  });
}

function checkSize({ name, size, packedSize, method }: Entry, limits: { readonly maxBytes: number; readonly name: string }): void {
  if (size > limits.maxBytes) throw tooLarge(size, { maxBytes: limits.maxBytes, where: `${limits.name}, ${name}` });
  if (method === 0 && size !== packedSize) throw corrupt(limits.name, `${name} is stored, with two different sizes`);
  if (size <= HARMLESS_BYTES || size <= packedSize * LARGEST_EXPANSION) return;
  throw new CellstateError('FILE_TOO_LARGE', 'A member of the archive grows beyond reason when unpacked.', {
    expected: `at most ${LARGEST_EXPANSION} bytes for each packed one`,
    received: `${size} bytes from ${packedSize}`,
    where: `${limits.name}, ${name}`,
  });
}
