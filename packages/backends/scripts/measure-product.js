/**
 * Says how near the matrix product comes to what 128-bit vectors can do at most on this machine: `pnpm bench` in this
 * package. The limit is a loop over registers alone, as many multiplications as additions; relaxed SIMD, where there is
 * such, does both in one instruction and may go beyond. Best of many short runs, taken
 * in turns, so that what else the machine does falls out.
 */
import { compileAssembly } from './compile-assembly.js';

const SIZES = [
  [64, 64, 64],
  [128, 128, 128],
  [256, 256, 256],
  [32, 512, 128],
  [64, 1024, 256],
  [255, 257, 127],
];
const ROUNDS = 60;
const LIMIT_TURNS = 20_000;

/** @param {string} file @param {WebAssembly.Memory} memory @param {boolean} relaxed */
async function start(file, memory, relaxed) {
  const { instance } = await WebAssembly.instantiate(await compileAssembly(file, { relaxed }), { env: { memory } });
  return /** @type {Record<string, (...values: number[]) => number>} */ (instance.exports);
}

const memory = new WebAssembly.Memory({ initial: 512 });
const { limit } = await start('limit.ts', memory, false);
const { multiply } = await start('index.ts', memory, false);
const relaxed = WebAssembly.validate(await compileAssembly('index.ts', { relaxed: true }))
  ? (await start('index.ts', memory, true)).multiply
  : undefined;
if (relaxed === undefined) console.log('No relaxed SIMD here; Node 20 has it behind --experimental-wasm-relaxed-simd.');
new Float32Array(memory.buffer).forEach((_, i, all) => {
  if (i > 1024) all[i] = Math.sin(i);
});

const [a, b, c, room] = [1, 2, 3, 4].map((megabytes) => megabytes * 4 * 2 ** 20);
const products = [{ name: '', run: multiply }, ...(relaxed === undefined ? [] : [{ name: 'relaxed, ', run: relaxed }])];
const tasks = [
  { name: 'limit', operations: LIMIT_TURNS * 48, run: () => limit(LIMIT_TURNS) },
  ...products.flatMap(({ name, run }) =>
    SIZES.map(([rows, columns, depth]) => ({
      name: `${name}${rows} × ${columns}, depth ${depth}`,
      operations: 2 * rows * columns * depth,
      run: () => run(c, columns * 4, a, depth * 4, 4, b, columns * 4, 4, rows, columns, depth, room),
    })),
  ),
];
const best = tasks.map(() => Number.POSITIVE_INFINITY);
for (let round = 0; round < ROUNDS; round++) {
  for (const [i, { run }] of tasks.entries()) {
    for (let turn = 0; turn < 5; turn++) {
      const before = performance.now();
      run();
      best[i] = Math.min(best[i], performance.now() - before);
    }
  }
}
const speeds = tasks.map(({ operations }, i) => operations / best[i] / 1e6);
for (const [i, { name }] of tasks.entries()) {
  console.log(`${name.padEnd(32)} ${speeds[i].toFixed(1).padStart(6)} GFLOP/s ${((100 * speeds[i]) / speeds[0]).toFixed(0).padStart(4)} %`);
}
