import { type Arena, createArena } from './arena.ts';
import { KERNELS } from './kernels.generated.ts';
import type { BlockFunction } from './threads/take-blocks.ts';
import { alone, type Team, type ThreadChoice } from './threads/team.ts';

/** Functions of the module that take a part of a task's items, so that threads can share them. */
export const SHARED_FUNCTIONS = [
  'runForward',
  'runBackward',
  'runWeightGradients',
  'multiplyMatrices',
  'multiplyRows',
  'multiplyColumns',
] as const;

export type SharedFunction = (typeof SHARED_FUNCTIONS)[number];

/** What the module compiled from `assembly` offers; addresses and strides are in bytes. */
export interface SimdFunctions extends Readonly<Record<SharedFunction, BlockFunction>> {
  beginForward(sequence: number): void;
  beginBackward(sequence: number): void;
  multiply(...addressesAndSizes: readonly number[]): void;
  sigmoidInPlace(at: number, count: number, stride: number, times: number): void;
  tanhOf(to: number, from: number, count: number, toStride: number, fromStride: number, times: number): void;
}

/** The kernels, the memory they work in, and the threads that share what is large. */
export interface SimdEngine extends SimdFunctions {
  readonly arena: Arena;
  readonly team: Team<SharedFunction>;
}

/** A module of one function that uses a vector: `() → v128.const 0; drop`. */
const PROBE = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 23, 1, 21, 0, 253, 12];

let engine: SimdEngine | undefined;

/** Whether WebAssembly with SIMD runs here. */
export function hasSimd(): boolean {
  if (typeof WebAssembly === 'undefined') return false;
  return WebAssembly.validate(Uint8Array.from([...PROBE, ...new Array<number>(16).fill(0), 26, 11]));
}

/** The engine now in use; of one thread, and compiled at the first call, unless another was put in its place. */
export function simdEngine(): SimdEngine {
  engine ??= start(new WebAssembly.Module(bytesOf(KERNELS)));
  return engine;
}

/** Compiles the engine in the background; browsers may refuse to compile at once on their main thread. */
export async function loadSimdEngine(): Promise<void> {
  engine ??= start(await WebAssembly.compile(bytesOf(KERNELS)));
}

/** Whether the engine in use has just these threads. */
export function hasThreads({ threads, leastWork, aside }: ThreadChoice): boolean {
  const team = engine?.team;
  return team?.threads === threads && team.leastWork === leastWork && team.aside === aside;
}

/** Puts an engine in the place of the one in use, whose threads end. */
export function replaceSimdEngine(next: SimdEngine): void {
  engine?.team.stop();
  engine = next;
}

/** Ends threads beside the calling one; the engine is one of one thread then, when it is next needed. */
export function endThreads(): void {
  if (engine === undefined || engine.team.threads === 1) return;
  engine.team.stop();
  engine = undefined;
}

/** Bytes embedded as base64. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function start(module: WebAssembly.Module): SimdEngine {
  const arena = createArena();
  const { exports } = new WebAssembly.Instance(module, { env: { memory: arena.memory } });
  const functions = exports as unknown as SimdFunctions;
  return { arena, team: alone<SharedFunction>(functions), ...functions };
}
