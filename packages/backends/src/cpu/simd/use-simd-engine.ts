import { endThreads, isInUse, loadSimdEngine, replaceSimdEngine } from './simd-engine.ts';
import type { ThreadChoice } from './threads/team.ts';

/** Multiplications from which a task is shared: half a millisecond of one thread. Waking others takes up to a tenth of that. */
const LEAST_WORK = 2 ** 22;

/** What is asked of the engine. */
export interface EngineAsked extends Partial<ThreadChoice> {
  readonly threads: number;
  readonly simd: boolean;
  readonly relaxed: boolean;
}

/** Puts the SIMD engine that is asked for to use, if there is to be one; returns how many threads it has. */
export async function useSimdEngine({ threads, simd, relaxed, leastWork = LEAST_WORK, aside = false }: EngineAsked): Promise<number> {
  if (threads > 1 && !simd) warn(threads, 'WebAssembly has no SIMD here');
  if (threads === 1 || !simd) {
    endThreads();
    if (simd) await loadSimdEngine({ relaxed });
    return 1;
  }
  const choice = { threads, relaxed, leastWork, aside };
  if (isInUse(choice)) return threads;
  const { threadedEngine } = await import('./threads/threaded-engine.ts');
  const engine = await threadedEngine(choice);
  if ('why' in engine) {
    warn(threads, engine.why);
    return useSimdEngine({ threads: 1, simd, relaxed });
  }
  replaceSimdEngine(engine);
  return threads;
}

function warn(threads: number, why: string): void {
  // biome-ignore lint/suspicious/noConsole: a warning has no other way out of a library.
  console.warn(`cellstate: ${threads} threads were asked for, one works: ${why}.`);
}
