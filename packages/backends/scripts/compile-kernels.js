/**
 * Writes what src/cpu/simd embeds, so that Node, bundlers and browsers load it like any other source: the kernels of
 * `assembly`, compiled to WebAssembly for memory of one thread and for shared memory, with and without relaxed SIMD; and the program
 * of a thread.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { compileAssembly } from './compile-assembly.js';

const SIMD = fileURLToPath(new URL('../src/cpu/simd/', import.meta.url));

/**
 * @param {string} file
 * @param {{ name: string, about: string, text: string }} contents
 */
async function write(file, { name, about, text }) {
  await writeFile(`${SIMD}${file}`, `/** ${about} */\nexport const ${name}: string =\n  ${JSON.stringify(text)};\n`);
  console.log(`${file}: ${text.length} characters`);
}

for (const { file, name, shared, relaxed } of [
  { file: 'kernels.generated.ts', name: 'KERNELS', shared: false, relaxed: false },
  { file: 'relaxed-kernels.generated.ts', name: 'RELAXED_KERNELS', shared: false, relaxed: true },
  { file: 'threads/shared-kernels.generated.ts', name: 'SHARED_KERNELS', shared: true, relaxed: false },
  { file: 'threads/relaxed-shared-kernels.generated.ts', name: 'RELAXED_SHARED_KERNELS', shared: true, relaxed: true },
]) {
  const bytes = await compileAssembly('index.ts', { shared, relaxed });
  const ways = `${shared ? ' for shared memory' : ''}${relaxed ? ' with relaxed SIMD' : ''}`;
  const about = `The module compiled from \`assembly\`${ways}, ${bytes.length} bytes, in base64.`;
  await write(file, { name, about, text: Buffer.from(bytes).toString('base64') });
}

const program = await build({
  stdin: { contents: "import { serve } from './serve.ts'; serve(port);", resolveDir: `${SIMD}threads` },
  bundle: true,
  write: false,
  minify: true,
  format: 'iife',
  target: 'es2022',
});
await write('threads/serve.generated.ts', {
  name: 'SERVE',
  about: 'A script that lets `serve.ts` serve what is called `port`.',
  text: program.outputFiles[0].text.trim(),
});
