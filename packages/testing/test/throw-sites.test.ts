import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { throwSites, unreachedThrows } from '../src/throw-sites.ts';

const folder = mkdtempSync(join(tmpdir(), 'throw-sites-'));
afterAll(() => rmSync(folder, { recursive: true }));

writeFileSync(
  join(folder, 'gru.ts'),
  `class CellstateError extends Error {}
export function open(count: number): void {
  if (count === 0) throw new CellstateError('none');
  if (count === 1) throw made('one');
  if (count === 2) throw made('two');
  // invariant: there are never three
  if (count === 3) throw made('three');
  try {
    throw new Error('not of the house');
  } catch (error) {
    if (count === 4) throw made('four', error);
    throw placed(error);
  }
}
function made(text: string): CellstateError {
  return new CellstateError(text);
}
function placed(error: unknown): unknown {
  const code = String(error);
  return new CellstateError(code, error);
}
`,
);
writeFileSync(join(folder, 'tables.generated.ts'), 'throw new CellstateError();');

/** An error whose stack names these lines of a file. */
function errorAt(...lines: number[]): Error {
  const error = new Error('no');
  error.stack = ['Error: no', ...lines.map((line) => `    at open (${join(folder, 'gru.ts')}:${line}:22)`)].join('\n');
  return error;
}

test('every error made and every made error thrown is a site; what passes an error on is none', () => {
  expect(throwSites(folder).map(({ line, invariant }) => [line, invariant])).toEqual([
    [3, false],
    [4, false],
    [5, false],
    [7, true],
    [11, false],
    [16, false],
  ]);
});

test('a site is reached when a stack passes through its line', () => {
  const left = () => unreachedThrows(folder, [errorAt(3), errorAt(16, 4)]);
  expect(left()).toEqual(["gru.ts:5 if (count === 2) throw made('two');", "gru.ts:11 if (count === 4) throw made('four', error);"]);
  expect(unreachedThrows(folder, [errorAt(3), errorAt(16, 4), errorAt(16, 5), errorAt(16, 11)])).toEqual([]);
});

test('a stack of this run names lines of the source', () => {
  const here = throwSites(import.meta.dirname);
  expect(here).toEqual([]);
  const [, line] = /throw-sites\.test\.ts:(\d+)/.exec(new Error('here').stack ?? '') ?? [];
  expect(Number(line)).toBe(64);
});
