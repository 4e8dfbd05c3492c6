// How threads share a task: the calling thread writes down what it is and how many blocks it has, then all threads take
// blocks until none is left. Nobody waits for a thread that is not there yet: the others do its part.
//
// `left` alone says whether a block is to be had. It is zero or less between tasks, so a thread that comes late to one either
// finds nothing or a block of the next, whose words were all written before.

/** Functions of the module that take a part of their items: the address of what they work on, the first item, the end. */
export type BlockFunction = (at: number, first: number, end: number) => void;

/** Words of the control area, in shared memory. */
export const WORDS = {
  /** Counts the tasks; threads without a block wait for it to change. */
  task: 0,
  /** Blocks that nobody has taken. */
  left: 1,
  /** Blocks that are done. */
  done: 2,
  /** 1 once a block has failed. */
  failed: 3,
  /** 1 when threads are to end. */
  stop: 4,
  /** Which of the functions. */
  function: 5,
  /** What the function works on: where the first block finds it, and the distance to that of the next block. */
  at: 6,
  stride: 7,
  items: 8,
  blocks: 9,
} as const;

/** Bytes of the control area. */
export const CONTROL_BYTES = 64;

/** Takes blocks until none is left; returns what one of them failed of, or undefined. */
export function takeBlocks(control: Int32Array, functions: readonly BlockFunction[]): unknown {
  let failure: unknown;
  for (let left = Atomics.sub(control, WORDS.left, 1); left > 0; left = Atomics.sub(control, WORDS.left, 1)) {
    const run = functions[control[WORDS.function]];
    const items = control[WORDS.items];
    const blocks = control[WORDS.blocks];
    const block = blocks - left;
    try {
      run(control[WORDS.at] + block * control[WORDS.stride], cut(items, block, blocks), cut(items, block + 1, blocks));
    } catch (cause) {
      failure = cause;
      Atomics.store(control, WORDS.failed, 1);
    }
    Atomics.add(control, WORDS.done, 1);
    Atomics.notify(control, WORDS.done);
  }
  return failure;
}

/** Where block number `block` of `blocks` begins, in items that are cut as evenly as can be. */
function cut(items: number, block: number, blocks: number): number {
  return Math.floor((items * block) / blocks);
}
