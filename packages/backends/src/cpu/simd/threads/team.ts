import { CellstateError } from '@cellstate/core';
import { type BlockFunction, takeBlocks, WORDS } from './take-blocks.ts';

/** Work that can be cut: `items` of it, of which a function of the module takes some. */
export interface Task<Name extends string = string> {
  readonly run: Name;
  /** The address of what the function works on, and how far from it that of the next block is; default the same for all. */
  readonly at: number;
  readonly stride?: number;
  readonly items: number;
  /** Multiplications of all items together. */
  readonly work: number;
}

/** How many threads there are to be, and what they do. */
export interface ThreadChoice {
  readonly threads: number;
  /** Tasks of fewer multiplications are not worth waking others. */
  readonly leastWork: number;
  /** Whether the calling thread leaves all work to the others, however little it is: so tests reach them. */
  readonly aside: boolean;
}

/** Threads that share tasks; the one that calls is one of them. */
export interface Team<Name extends string = string> extends ThreadChoice {
  /** Blocks that a task of that many multiplications is cut into, if it has as many items. */
  blocksOf(work: number): number;
  /** Runs all items of a task, and returns when all are done. */
  share(task: Task<Name>): void;
  /** Ends the other threads. */
  stop(): void;
}

/** The calling thread alone. */
export function alone<Name extends string>(functions: Readonly<Record<Name, BlockFunction>>): Team<Name> {
  return {
    threads: 1,
    leastWork: 0,
    aside: false,
    blocksOf: () => 1,
    share: ({ run, at, items }) => functions[run](at, 0, items),
    stop() {},
  };
}

/** Where a team's threads meet, and what it shares among them. */
export interface Meeting<Name extends string> extends ThreadChoice {
  readonly control: Int32Array;
  readonly functions: Readonly<Record<Name, BlockFunction>>;
  readonly names: readonly Name[];
  /** Whether this thread may sleep; the main thread of a browser's page may not, and looks again and again. */
  readonly maySleep: boolean;
}

/** The calling thread and others that serve it already. */
export function together<Name extends string>(meeting: Meeting<Name>): Team<Name> {
  const { threads, leastWork, aside, control, functions, names, maySleep } = meeting;
  const numbered = names.map((name) => functions[name]);
  const blocksOf = (work: number): number => (work < leastWork ? 1 : threads);

  function share({ run, at, stride = 0, items, work }: Task<Name>): void {
    const blocks = Math.min(items, blocksOf(work));
    if (blocks === 1 && !aside) {
      functions[run](at, 0, items);
      return;
    }
    control[WORDS.function] = names.indexOf(run);
    control[WORDS.at] = at;
    control[WORDS.stride] = stride;
    control[WORDS.items] = items;
    control[WORDS.blocks] = blocks;
    Atomics.store(control, WORDS.done, 0);
    Atomics.store(control, WORDS.left, blocks);
    Atomics.add(control, WORDS.task, 1);
    Atomics.notify(control, WORDS.task);
    const cause = aside ? undefined : takeBlocks(control, numbered);
    for (let done = Atomics.load(control, WORDS.done); done < blocks; done = Atomics.load(control, WORDS.done)) {
      if (maySleep) Atomics.wait(control, WORDS.done, done);
    }
    if (Atomics.exchange(control, WORDS.failed, 0) !== 0) throw failure(threads, cause);
  }

  function stop(): void {
    Atomics.store(control, WORDS.stop, 1);
    Atomics.add(control, WORDS.task, 1);
    Atomics.notify(control, WORDS.task);
  }

  return { threads, leastWork, aside, blocksOf, share, stop };
}

function failure(threads: number, cause: unknown): CellstateError {
  return new CellstateError('THREAD_FAILED', 'A thread of the engine could not finish its part.', {
    expected: `${threads} threads that run`,
    received: cause instanceof Error ? cause.message : 'a failure in one of them',
    where: 'the cpu engine',
    hint: 'One thread depends on no other: useBackend().',
    cause,
  });
}
