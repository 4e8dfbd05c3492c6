import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const ASSEMBLY = fileURLToPath(new URL('../assembly', import.meta.url));

/** Constants lie from address 64 on; the module owns no memory besides. */
const OPTIONS = [
  ...['--enable', 'simd', '--runtime', 'stub', '--importMemory', '--noExportMemory', '--memoryBase', '64'],
  ...['--noAssert', '--use', 'abort=', '-O3'],
];

/**
 * The bytes of a module of `assembly`.
 *
 * @param {string} file
 * @returns {Promise<Uint8Array>}
 */
export async function compileAssembly(file) {
  /** @type {Uint8Array | undefined} */
  let bytes;
  const { error, stderr } = await asc.main([file, '--baseDir', ASSEMBLY, '--outFile', 'module.wasm', ...OPTIONS], {
    writeFile: (_, contents) => {
      if (typeof contents !== 'string') bytes = contents;
    },
  });
  if (error || bytes === undefined) throw new Error(`${file} does not compile:\n${stderr.toString()}`, { cause: error });
  return bytes;
}
