import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { listExamples } from '@cellstate/vitest-preset/examples';
import { describe, expect, it } from 'vitest';

// An example resolves its imports from where it lies, and the root of the repository depends on no package.
const readme = fileURLToPath(new URL('../reports/README.md', import.meta.url));
mkdirSync(new URL('../reports/', import.meta.url), { recursive: true });
copyFileSync(new URL('../../../README.md', import.meta.url), readme);
const examples = listExamples(readme, readFileSync(readme, 'utf8'));

describe("the repository's README", () => {
  it('has an example', () => {
    expect(examples.length).toBeGreaterThan(0);
  });

  it.each(examples.map(({ name }, index) => ({ name, index })))('$name', async ({ index }) => {
    await import(/* @vite-ignore */ `${readme}?example=${index}&lang.ts`);
  });
});
