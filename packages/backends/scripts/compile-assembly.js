import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const ASSEMBLY = fileURLToPath(new URL('../assembly', import.meta.url));

/** Constants lie from address 64 on; the module owns no memory besides. */
const OPTIONS = [
  ...['--enable', 'simd', '--runtime', 'stub', '--importMemory', '--noExportMemory', '--memoryBase', '64'],
  ...['--noAssert', '--use', 'abort=', '-O3'],
];

/** Multiplies and adds in one instruction. */
const RELAXED = ['--enable', 'relaxed-simd'];

/** As many pages as the arena's memory may grow to when threads share it. */
const SHARED = ['--enable', 'threads', '--sharedMemory', '--maximumMemory', '32768'];

/**
 * The bytes of a module of `assembly`, which works in memory of one thread or in shared memory, with or without relaxed SIMD.
 *
 * @param {string} file
 * @param {{ readonly shared?: boolean, readonly relaxed?: boolean }} [options]
 * @returns {Promise<Uint8Array>}
 */
export async function compileAssembly(file, { shared = false, relaxed = false } = {}) {
  /** @type {Uint8Array | undefined} */
  let bytes;
  const options = [...OPTIONS, ...(shared ? SHARED : []), ...(relaxed ? RELAXED : [])];
  const { error, stderr } = await asc.main([file, '--baseDir', ASSEMBLY, '--outFile', 'module.wasm', ...options], {
    writeFile: (_, contents) => {
      if (typeof contents !== 'string') bytes = contents;
    },
  });
  if (error || bytes === undefined) throw new Error(`${file} does not compile:\n${stderr.toString()}`, { cause: error });
  return bytes;
}
