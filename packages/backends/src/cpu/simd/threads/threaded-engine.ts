import { createArena } from '../arena.ts';
import { bytesOf, SHARED_FUNCTIONS, type SimdEngine, type SimdFunctions } from '../simd-engine.ts';
import { maySleep, obstacle, startThreads } from './start-threads.ts';
import { CONTROL_BYTES } from './take-blocks.ts';
import { type ThreadChoice, together } from './team.ts';

/** Starts an engine whose threads work in one memory; gives the reason where that is not possible. */
export async function threadedEngine({
  relaxed,
  ...choice
}: ThreadChoice & { readonly relaxed: boolean }): Promise<SimdEngine | { readonly why: string }> {
  const why = obstacle();
  if (why !== undefined) return { why };
  const text = relaxed
    ? (await import('./relaxed-shared-kernels.generated.ts')).RELAXED_SHARED_KERNELS
    : (await import('./shared-kernels.generated.ts')).SHARED_KERNELS;
  const module = await WebAssembly.compile(bytesOf(text));
  const arena = createArena({ shared: true });
  const { memory } = arena;
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const functions = exports as unknown as SimdFunctions;
  const control = arena.allocate(CONTROL_BYTES);
  const words = new Int32Array(memory.buffer, control, CONTROL_BYTES / 4);
  words.fill(0);
  const wrong = await startThreads(choice.threads - 1, { module, memory, functions: SHARED_FUNCTIONS, control });
  if (wrong !== undefined) return { why: wrong };
  const team = together({ ...choice, control: words, functions, names: SHARED_FUNCTIONS, maySleep: maySleep() });
  return { relaxed, arena, team, ...functions };
}
