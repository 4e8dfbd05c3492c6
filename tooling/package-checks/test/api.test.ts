import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { apiReport } from '../src/api-report.ts';
import { publishedPackages } from '../src/published-packages.ts';

test.each([...publishedPackages().values()])('$name offers what it offered, or the report says so', async ({ name, folder }) => {
  const { exports } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const doors = Object.entries<{ types: string }>(exports).flatMap(([door, { types }]) =>
    types === undefined ? [] : [[door, path.join(folder, types)]],
  );
  const file = path.join(import.meta.dirname, '..', 'api', `${name.replace('@cellstate/', '')}.txt`);
  await expect(apiReport(Object.fromEntries(doors))).toMatchFileSnapshot(file);
});
