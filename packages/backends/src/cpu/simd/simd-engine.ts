import { type Arena, createArena } from './arena.ts';
import { KERNELS } from './kernels.generated.ts';

/** What the module compiled from `assembly` offers; addresses and strides are in bytes. */
export interface SimdFunctions {
  runForward(sequence: number): void;
  runBackward(sequence: number): void;
  multiply(...addressesAndSizes: readonly number[]): void;
  sigmoidInPlace(at: number, count: number, stride: number, times: number): void;
  tanhOf(to: number, from: number, count: number, toStride: number, fromStride: number, times: number): void;
}

/** The kernels and the memory they work in. */
export interface SimdEngine extends SimdFunctions {
  readonly arena: Arena;
}

/** A module of one function that uses a vector: `() → v128.const 0; drop`. */
const PROBE = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 23, 1, 21, 0, 253, 12];

let engine: SimdEngine | undefined;

/** Whether WebAssembly with SIMD runs here. */
export function hasSimd(): boolean {
  if (typeof WebAssembly === 'undefined') return false;
  return WebAssembly.validate(Uint8Array.from([...PROBE, ...new Array<number>(16).fill(0), 26, 11]));
}

/** The engine, compiled at the first call. */
export function simdEngine(): SimdEngine {
  engine ??= start(new WebAssembly.Module(moduleBytes()));
  return engine;
}

/** Compiles the engine in the background; browsers may refuse to compile at once on their main thread. */
export async function loadSimdEngine(): Promise<void> {
  engine ??= start(await WebAssembly.compile(moduleBytes()));
}

function start(module: WebAssembly.Module): SimdEngine {
  const arena = createArena();
  const { exports } = new WebAssembly.Instance(module, { env: { memory: arena.memory } });
  return { arena, ...(exports as unknown as SimdFunctions) };
}

function moduleBytes(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(KERNELS), (character) => character.charCodeAt(0));
}
