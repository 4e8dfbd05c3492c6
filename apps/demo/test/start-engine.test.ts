import { afterEach, expect, it, vi } from 'vitest';
import { engineText, startEngine } from '../src/parallel/start-engine.ts';
import { kernelsSection } from '../src/tank/kernels-section.ts';
import { simulatedData } from '../src/tank/tank-data.ts';
import type { TankStory } from '../src/tank/tank-story.ts';

afterEach(async () => {
  vi.restoreAllMocks();
  await startEngine();
});

it('works without SIMD, and says so', async () => {
  vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  const backend = await startEngine();
  expect(backend.simd).toBe(false);
  expect(engineText(backend)).toMatchInlineSnapshot(
    `"Engine: cpu, kernels in plain TypeScript, since WebAssembly has no SIMD here: the same results, several times slower."`,
  );
  const said: string[] = [];
  const rows: unknown[] = [];
  const story = { data: simulatedData(3), options: { epochs: 1, seed: 3 } } as TankStory;
  const page = { say: (text: string) => said.push(text), note: () => {}, progress: () => ({ update: () => {}, stop: () => {} }) };
  const table = { table: (shown: { rows: unknown[] }) => rows.push(...shown.rows) };
  await kernelsSection([4])(story).run({ ...page, ...table } as never);
  expect(said).toHaveLength(1);
  expect(said[0]).toContain('plain TypeScript takes its place');
  expect(rows).toEqual([['plain TypeScript', expect.any(Number), 1]]);
});
