import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { describe, expect, inject, test } from 'vitest';
import { publishedPackages } from '../src/published-packages.ts';

const run = promisify(execFile);
const attw = path.join(import.meta.dirname, '..', 'node_modules', '.bin', 'attw');
const tarballs = inject('tarballs');

describe.each([...publishedPackages().keys()])('%s', (name) => {
  const tarball = tarballs[name] as string;

  test('publint finds nothing', async () => {
    const bytes = readFileSync(tarball);
    const { messages, pkg } = await publint({
      strict: true,
      pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) },
    });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  test('types resolve wherever the code does', async () => {
    const problems = await run(attw, [tarball, '--profile', 'esm-only', '--no-color', '--no-emoji']).then(
      () => 'none',
      (error: { stdout: string }) => error.stdout,
    );
    expect(problems).toBe('none');
  });

  test('it holds the licence, the README and no test', async () => {
    const { stdout } = await run('tar', ['tzf', tarball]);
    const files = stdout.trim().split('\n');
    const needed = ['package/LICENSE', 'package/README.md', 'package/dist/index.js', 'package/dist/index.d.ts'];
    expect(needed.filter((file) => !files.includes(file))).toEqual([]);
    expect(files.filter((file) => /[.]test[.]|[.]tsbuildinfo$|\/src\//.test(file))).toEqual([]);
  });
});
