/**
 * Writes src/cpu/simd/kernels.generated.ts: the kernels of `assembly`, compiled to WebAssembly and embedded as bytes, so
 * that Node, bundlers and browsers load them like any other source. The module owns no memory and no addresses.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const OUTPUT = fileURLToPath(new URL('../src/cpu/simd/kernels.generated.ts', import.meta.url));
const ASSEMBLY = fileURLToPath(new URL('../assembly', import.meta.url));

const OPTIONS = [
  '--memoryBase',
  '64','--enable', 'simd', '--runtime', 'stub', '--importMemory', '--noExportMemory', '--noAssert', '--use', 'abort=', '-O3'];

/** @returns {Promise<Uint8Array>} */
async function compile() {
  /** @type {Uint8Array | undefined} */
  let bytes;
  const { error, stderr } = await asc.main(['index.ts', '--baseDir', ASSEMBLY, '--outFile', 'kernels.wasm', ...OPTIONS], {
    writeFile: (_, contents) => {
      if (typeof contents !== 'string') bytes = contents;
    },
  });
  if (error || bytes === undefined) throw new Error(`The kernels do not compile:\n${stderr.toString()}`, { cause: error });
  return bytes;
}

const bytes = await compile();
await writeFile(
  OUTPUT,
  `/** The module compiled from \`assembly\`, ${bytes.length} bytes, in base64. */\nexport const KERNELS: string =\n  '${Buffer.from(bytes).toString('base64')}';\n`,
);
console.log(`${bytes.length} bytes of WebAssembly`);
