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
  'softmaxRows',
  'crossentropyRows',
  'crossentropyGradientRows',
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
  /** Whether sums of products are of relaxed SIMD: see `assembly/multiply-add.ts`. */
  readonly relaxed: boolean;
  readonly arena: Arena;
  readonly team: Team<SharedFunction>;
}

/** A module of one function without parameters and results, up to the function's body. */
const MODULE = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0];
/** `v128.const 0` */
const ZERO = [253, 12, ...new Array<number>(16).fill(0)];
/** `f32x4.relaxed_madd` */
const RELAXED_MADD = [253, 133, 2];
/** `drop; end` */
const DROP = [26, 11];

let engine: SimdEngine | undefined;

/** Whether WebAssembly with SIMD runs here. */
export function hasSimd(): boolean {
  return validates([...ZERO, ...DROP]);
}

/** Whether WebAssembly with relaxed SIMD runs here. */
export function hasRelaxedSimd(): boolean {
  return validates([...ZERO, ...ZERO, ...ZERO, ...RELAXED_MADD, ...DROP]);
}

function validates(instructions: readonly number[]): boolean {
  if (typeof WebAssembly === 'undefined') return false;
  const body = [0, ...instructions];
  return WebAssembly.validate(Uint8Array.from([...MODULE, 10, body.length + 2, 1, body.length, ...body]));
}

/** The engine now in use; of one thread, not relaxed, and compiled at the first call, unless another was put in its place. */
export function simdEngine(): SimdEngine {
  engine ??= start(new WebAssembly.Module(bytesOf(KERNELS)), false);
  return engine;
}

/** Puts an engine of one thread to use, compiled in the background: browsers may refuse to do so at once on their main thread. */
export async function loadSimdEngine({ relaxed }: { readonly relaxed: boolean }): Promise<void> {
  if (engine?.relaxed === relaxed && engine.team.threads === 1) return;
  const text = relaxed ? (await import('./relaxed-kernels.generated.ts')).RELAXED_KERNELS : KERNELS;
  replaceSimdEngine(start(await WebAssembly.compile(bytesOf(text)), relaxed));
}

/** Whether the engine in use is just this one. */
export function isInUse({ relaxed, threads, leastWork, aside }: ThreadChoice & { readonly relaxed: boolean }): boolean {
  const team = engine?.team;
  return engine?.relaxed === relaxed && team?.threads === threads && team.leastWork === leastWork && team.aside === aside;
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

function start(module: WebAssembly.Module, relaxed: boolean): SimdEngine {
  const arena = createArena();
  const { exports } = new WebAssembly.Instance(module, { env: { memory: arena.memory } });
  const functions = exports as unknown as SimdFunctions;
  return { relaxed, arena, team: alone<SharedFunction>(functions), ...functions };
}
