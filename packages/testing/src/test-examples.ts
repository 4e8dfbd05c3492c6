import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { listExamples } from '@cellstate/vitest-preset/examples';
import { describe, expect, test } from 'vitest';

/**
 * Registers a test for every example of a package: each ```ts fence of its README and of every `@example` in `src`.
 *
 * An example is run as a module of its own, against the sources of the workspace. A statement with a result behind it is
 * checked: `expression; // → literal` to 1e-6, `expression; // ≈ 0.53` as a rounded number, `call(); // throws CODE`.
 * The comment may also stand on the next line, and go on over several until its brackets close.
 *
 * @param here `import.meta.url` of the test file that calls this; the package is the nearest folder with a package.json.
 * @throws Error when the package has no example at all.
 *
 * @example
 * ```ts
 * import { checkExample } from '@cellstate/testing';
 *
 * [1, 2].map((value) => value / 3); // ≈ [0.333, 0.667]
 * typeof checkExample; // → 'function'
 * ```
 */
export function testExamples(here: string): void {
  const root = packageFolder(path.dirname(fileURLToPath(here)));
  const files = ['README.md', ...sources(root, 'src')].filter((file) => existsSync(path.join(root, file)));
  const found = files.flatMap((file) =>
    listExamples(file, readFileSync(path.join(root, file), 'utf8')).map((example, index) => ({ ...example, file, index })),
  );
  describe('examples', () => {
    test('there are some', () => {
      expect(found.length).toBeGreaterThan(0);
    });
    for (const { file, index, line, name } of found) {
      test(`${file}:${line} ${name}`, async () => {
        await import(/* @vite-ignore */ `${path.join(root, file)}?example=${index}&lang.ts`);
      });
    }
  });
}

function packageFolder(folder: string): string {
  return existsSync(path.join(folder, 'package.json')) ? folder : packageFolder(path.dirname(folder));
}

function sources(root: string, folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const file = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return sources(root, file);
      return /[.]ts$/.test(file) && !/[.](d|generated)[.]ts$/.test(file) ? [file] : [];
    })
    .sort();
}
