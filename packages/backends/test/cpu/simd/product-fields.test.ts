import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { PRODUCT_FIELDS } from '../../../src/cpu/simd/product-fields.ts';

test('the fields are those that the kernels read, in their order', async () => {
  const source = await readFile(new URL('../../../assembly/multiply-part.ts', import.meta.url), 'utf8');
  const [, body = ''] = /class Product \{([\s\S]*?)\n\}/.exec(source) ?? [];
  const fields = [...body.matchAll(/^ {2}(\w+): (?:i32|usize);$/gm)].map(([, name]) => name);
  expect(fields).toEqual([...PRODUCT_FIELDS]);
});
