import { build } from 'esbuild';
import { expect, test } from 'vitest';

async function bundle(platform: 'browser' | 'node'): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: `export * from '@cellstate/trainers';`, resolveDir: new URL('.', import.meta.url).pathname },
    bundle: true,
    write: false,
    outdir: 'out',
    splitting: true,
    format: 'esm',
    platform,
    conditions: ['@cellstate/source'],
    external: ['@tensorflow/tfjs-core'],
  });
  return outputFiles.map(({ text }) => text).join('\n');
}

test('a browser gets neither the progress bar nor protobuf nor anything of Node', async () => {
  const text = await bundle('browser');
  expect(text).toContain('createTrainer');
  expect(text).toContain('NODE_ONLY');
  for (const absent of ['cli-progress', 'SingleBar', 'BinaryWriter', 'node:', 'process.', 'readline']) expect(text).not.toContain(absent);
});

test('Node gets all', async () => {
  const text = await bundle('node');
  for (const present of ['SingleBar', 'BinaryWriter', 'node:fs', 'createTrainer']) expect(text).toContain(present);
});
