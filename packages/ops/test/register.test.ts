import { execFileSync } from 'node:child_process';
import * as esbuild from 'esbuild';
import { describe, expect, test } from 'vitest';

/** Bundles a program with everything it imports, dropping what it does not use, and returns what it prints. */
async function runBundled(program: string): Promise<string> {
  const { outputFiles } = await esbuild.build({
    stdin: { contents: program, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['@cellstate/source'],
    external: ['node:*', 'crypto', 'util', 'node-fetch', 'string_decoder'],
    // tfjs-core asks for Node's own modules by require.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  });
  return execFileSync(process.execPath, ['--input-type=module', '-'], { input: outputFiles[0]?.text ?? '', encoding: 'utf8' });
}

const report = `
  import { getGradient } from '@tensorflow/tfjs-core';
  console.log(['Sum', 'Einsum', 'Diag'].map((name) => typeof getGradient(name)?.gradFunc).join());
`;

describe('gradients are there in a bundle that drops what is not used', () => {
  test.each(['lstmSequence', 'timeLoop', 'activation', 'variableGradients'])('by importing %s', async (name) => {
    expect(await runBundled(`import { ${name} } from '@cellstate/ops'; globalThis.used = ${name}; ${report}`)).toBe(
      'function,function,function\n',
    );
  });

  test('and are left out where only constants are used', async () => {
    expect(await runBundled(`import { LSTM_GATES } from '@cellstate/ops'; globalThis.used = LSTM_GATES; ${report}`)).toBe(
      'undefined,undefined,undefined\n',
    );
  });
});

test('a gradient registered before stays, but for those that are corrected', async () => {
  const printed = await runBundled(`
    import { getGradient, registerGradient } from '@tensorflow/tfjs-core';
    const mine = (kernelName) => ({ kernelName, gradFunc: () => ({}) });
    const before = ['Sum', 'Einsum', 'Diag', 'Prod'].map(mine);
    before.forEach(registerGradient);
    const { registerGradients } = await import('@cellstate/ops');
    registerGradients();
    console.log(before.map((config) => getGradient(config.kernelName) === config).join());
  `);
  expect(printed).toBe('true,true,true,false\n');
});
