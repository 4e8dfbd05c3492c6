/** Memory that kernels work in: blocks of one WebAssembly memory, handed out and taken back. */
export interface Arena {
  readonly memory: WebAssembly.Memory;
  /** Views of the whole memory; they change when it grows, so read them anew after `allocate`. */
  readonly floats: Float32Array;
  readonly integers: Int32Array;
  readonly bytes: Uint8Array;
  /** The address of a block of that many bytes, a multiple of 64, never 0; what it holds is undefined. */
  allocate(size: number): number;
  /** Takes a block back. */
  free(address: number): void;
  /** Bytes in blocks that are handed out. */
  readonly used: number;
}

/** Kernels read up to this many bytes beyond an array's end, and ignore them. */
const MARGIN = 1024;
const UNIT = 64;
/** Constants of the module lie below. */
const START = 1024;
const PAGE = 65536;

interface Gap {
  readonly start: number;
  readonly end: number;
}

/** Pages up to which memory that threads share may grow, 2 GB: it must be said beforehand, and addresses are signed. */
const MOST_PAGES = 32768;

/**
 * An arena that starts with a megabyte and grows to what it has to hold at once; a block goes into the smallest gap it fits.
 * If `shared`, threads may work in it.
 */
export function createArena({ shared = false }: { readonly shared?: boolean } = {}): Arena {
  const memory = new WebAssembly.Memory(shared ? { initial: 16, maximum: MOST_PAGES, shared } : { initial: 16 });
  const sizes = new Map<number, number>();
  const gaps: Gap[] = [{ start: START, end: memory.buffer.byteLength - MARGIN }];
  let floats = new Float32Array(memory.buffer);
  let integers = new Int32Array(memory.buffer);
  let bytes = new Uint8Array(memory.buffer);
  let used = 0;

  function grow(size: number): void {
    const before = memory.buffer.byteLength - MARGIN;
    const last = gaps.at(-1);
    const there = last !== undefined && last.end === before ? last.end - last.start : 0;
    memory.grow(Math.ceil((size - there) / PAGE));
    floats = new Float32Array(memory.buffer);
    integers = new Int32Array(memory.buffer);
    bytes = new Uint8Array(memory.buffer);
    if (there > 0) gaps.pop();
    gaps.push({ start: before - there, end: memory.buffer.byteLength - MARGIN });
  }

  function smallestGap(size: number): number {
    let best = -1;
    let bestSize = Number.POSITIVE_INFINITY;
    for (let i = 0; i < gaps.length; i++) {
      const { start, end } = gaps[i];
      if (end - start >= size && end - start < bestSize) {
        best = i;
        bestSize = end - start;
      }
    }
    return best;
  }

  function allocate(asked: number): number {
    const size = Math.max(UNIT, Math.ceil(asked / UNIT) * UNIT);
    let index = smallestGap(size);
    if (index === -1) {
      grow(size);
      index = gaps.length - 1;
    }
    const { start, end } = gaps[index];
    if (end - start === size) gaps.splice(index, 1);
    else gaps[index] = { start: start + size, end };
    sizes.set(start, size);
    used += size;
    return start;
  }

  function free(start: number): void {
    const size = sizes.get(start);
    if (size === undefined) return;
    sizes.delete(start);
    used -= size;
    let index = gaps.findIndex((gap) => gap.start > start);
    if (index === -1) index = gaps.length;
    const before = gaps[index - 1];
    const after = gaps[index];
    const joinsBefore = before !== undefined && before.end === start;
    const joinsAfter = after !== undefined && after.start === start + size;
    const gap = { start: joinsBefore ? before.start : start, end: joinsAfter ? after.end : start + size };
    gaps.splice(joinsBefore ? index - 1 : index, Number(joinsBefore) + Number(joinsAfter), gap);
  }

  return {
    memory,
    get floats() {
      return floats;
    },
    get integers() {
      return integers;
    },
    get bytes() {
      return bytes;
    },
    get used() {
      return used;
    },
    allocate,
    free,
  };
}
