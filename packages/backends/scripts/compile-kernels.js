/**
 * Writes src/cpu/simd/kernels.generated.ts: the kernels of `assembly`, compiled to WebAssembly and embedded as bytes, so
 * that Node, bundlers and browsers load them like any other source.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { compileAssembly } from './compile-assembly.js';

const OUTPUT = fileURLToPath(new URL('../src/cpu/simd/kernels.generated.ts', import.meta.url));

const bytes = await compileAssembly('index.ts');
const text = Buffer.from(bytes).toString('base64');
await writeFile(
  OUTPUT,
  `/** The module compiled from \`assembly\`, ${bytes.length} bytes, in base64. */\nexport const KERNELS: string =\n  '${text}';\n`,
);
console.log(`${bytes.length} bytes of WebAssembly`);
