import type { Random } from '@cellstate/core';
import { unzipSync, zipSync } from 'fflate';

/** What of a file was changed. */
export type Stage = 'archive' | 'config bytes' | 'config values' | 'weights' | 'legacy' | 'cut';

export interface Mutant {
  readonly stage: Stage;
  readonly bytes: Uint8Array;
}

export interface Originals {
  readonly archives: readonly Uint8Array[];
  readonly legacy: readonly Uint8Array[];
}

/** How often each stage is drawn, of 20. Config and HDF5 come to 15. */
const STAGES: readonly Stage[] = [
  ...Array<Stage>(4).fill('archive'),
  ...Array<Stage>(2).fill('config bytes'),
  ...Array<Stage>(5).fill('config values'),
  ...Array<Stage>(5).fill('weights'),
  ...Array<Stage>(3).fill('legacy'),
  'cut',
];

/** A damaged copy of one of the originals. Members within an archive get a checksum that is right again. */
export function mutateFile({ archives, legacy }: Originals, random: Random): Mutant {
  const stage = choose(STAGES, random);
  const archive = choose(archives, random);
  if (stage === 'archive') return { stage, bytes: scratch(archive, random) };
  if (stage === 'cut') {
    const bytes = choose([...archives, ...legacy], random);
    return { stage, bytes: bytes.subarray(0, random.integer(bytes.length)) };
  }
  if (stage === 'legacy') return { stage, bytes: scratch(choose(legacy, random), random) };
  const members = unzipSync(archive);
  const name = stage === 'weights' ? 'model.weights.h5' : 'config.json';
  const member = members[name] as Uint8Array;
  const changed = { ...members, [name]: stage === 'config values' ? changeValue(member, random) : scratch(member, random) };
  return { stage, bytes: zipSync(changed, { level: choose([0, 6], random) as 0 | 6 }) };
}

function choose<T>(list: readonly T[], random: Random): T {
  return list[random.integer(list.length)] as T;
}

/** Changes a few bytes, at random or to values that stand at a border. */
function scratch(original: Uint8Array, random: Random): Uint8Array {
  const bytes = new Uint8Array(original);
  // Most of a file is weights, whose bytes may be anything: half of the changes go to its first part.
  const reach = random.integer(2) === 0 ? bytes.length : Math.min(bytes.length, 4096);
  for (let left = 1 + random.integer(4); left > 0; left--) {
    const at = random.integer(reach);
    const value = choose([random.integer(256), 0, 1, 0x7f, 0x80, 0xff, (bytes[at] as number) ^ (1 << random.integer(8))], random);
    bytes.fill(value, at, at + choose([1, 1, 1, 2, 4, 8], random));
  }
  return bytes;
}

const STRANGE: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53,
  1e308,
  '',
  'relu',
  '../../x',
  '__proto__',
  [],
  [[]],
  {},
  { class_name: '__lambda__', config: { value: '4wEAAAA=' } },
  { class_name: 'function', config: 'tanh' },
  [null, -3],
];

/** Changes a value, a key or the order somewhere in a configuration. */
function changeValue(member: Uint8Array, random: Random): Uint8Array {
  const root = JSON.parse(new TextDecoder().decode(member)) as object;
  const places: { readonly holder: Record<string, unknown>; readonly key: string }[] = [];
  const waiting: object[] = [root];
  for (const holder of waiting) {
    for (const [key, value] of Object.entries(holder)) {
      places.push({ holder: holder as Record<string, unknown>, key });
      if (typeof value === 'object' && value !== null) waiting.push(value);
    }
  }
  for (let left = 1 + random.integer(2); left > 0; left--) {
    const { holder, key } = choose(places, random);
    const other = choose(places, random);
    const change = random.integer(6);
    if (change === 0) delete holder[key];
    else if (change === 1) holder[`${key}_`] = holder[key];
    else if (change === 2) holder[key] = structuredClone(other.holder[other.key]);
    else if (change === 3 && typeof holder[key] === 'number') holder[key] = (holder[key] as number) * choose([10, 1000, 1e6, -1], random);
    else holder[key] = choose(STRANGE, random);
  }
  return new TextEncoder().encode(JSON.stringify(root));
}
