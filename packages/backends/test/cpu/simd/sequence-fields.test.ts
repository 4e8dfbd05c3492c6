import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { SEQUENCE_FIELDS } from '../../../src/cpu/simd/sequence-fields.ts';

test('the fields are those that the kernels read, in their order', async () => {
  const source = await readFile(new URL('../../../assembly/sequence.ts', import.meta.url), 'utf8');
  const [, body = ''] = /class Sequence \{([\s\S]*?)\n\}/.exec(source) ?? [];
  const fields = [...body.matchAll(/^ {2}(\w+): (?:i32|usize);$/gm)].map(([, name]) => name);
  expect(fields).toEqual([...SEQUENCE_FIELDS]);
});
