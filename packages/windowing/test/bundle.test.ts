import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';

/** A part of windowing and all that it imports, minified as an app would ship it. */
async function bundle(what: string): Promise<{ text: string; inputs: string[]; bytes: number }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export ${what} from '@cellstate/windowing';`, resolveDir: new URL('..', import.meta.url).pathname },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['@cellstate/source'],
  });
  const { text } = outputFiles[0];
  return { text, inputs: Object.keys(metafile.inputs), bytes: gzipSync(text).length };
}

describe('windowing as an app ships it', () => {
  test('contains no tfjs and nothing but windowing and core, in at most 22 kB', async () => {
    const { text, inputs, bytes } = await bundle('*');
    expect(text).toContain('SERIES_TOO_SHORT');
    for (const name of ['tensorflow', 'tfjs', 'webgl', 'registerKernel', 'dataSync', 'numTensors', 'node:'])
      expect(text).not.toContain(name);
    const foreign = inputs.filter((input) => input !== '<stdin>' && !/(^|[/])(windowing[/])?src[/]|core[/]src[/]/.test(input));
    expect(foreign).toEqual([]);
    expect(bytes).toBeGreaterThan(5_000);
    expect(bytes, `${bytes} bytes gzipped`).toBeLessThanOrEqual(22_000);
  });

  test('leaves out what is not imported', async () => {
    const { text, bytes } = await bundle('{ standardScaler }');
    expect(text).not.toContain('TARGETS_TOO_SHORT');
    expect(text).not.toContain('slidingWindows');
    expect(bytes, `${bytes} bytes gzipped`).toBeLessThanOrEqual(8_000);
  });
});
