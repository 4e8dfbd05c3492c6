import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CellstateError, random } from '@cellstate/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, expect, test } from 'vitest';
import { loadModel } from '../src/index.ts';
import { mutateFile, type Originals, type Stage } from './fuzz/mutate-file.ts';
import { watchProcess } from './fuzz/watch-process.ts';

const files = Number(process.env.FUZZ_FILES ?? 300);
const seed = Number(process.env.FUZZ_SEED ?? 1);

const fixtures = path.join(import.meta.dirname, 'fixtures');
const named = (ending: string) =>
  readdirSync(fixtures, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(ending) && !file.includes('weights'))
    .sort()
    .map((file) => new Uint8Array(readFileSync(path.join(fixtures, file))));
const originals: Originals = { archives: named('.keras'), legacy: named('.h5') };

const watch = watchProcess({ milliseconds: 2000, mebibytes: 1024 });
afterAll(() => watch.stop());

test(`${files} damaged files each load or throw one error of ours, with nothing left behind`, { timeout: files * 1000 }, async () => {
  const counts = new Map<Stage, Map<string, number>>();
  const before = tf.memory().numTensors;
  for (let file = 0; file < files; file++) {
    const { stage, bytes } = mutateFile(originals, random(seed * 1_000_003 + file));
    watch.beat(file);
    const outcome = await loadModel(bytes).then(
      (model) => {
        model.dispose();
        return 'loaded';
      },
      (error: unknown) => (error instanceof CellstateError ? error.code : `file ${file}: ${String(error)}`),
    );
    watch.beat(-1);
    expect(outcome, `file ${file} of seed ${seed}, ${stage}`).toMatch(/^[A-Z_]+$|^loaded$/);
    expect(tf.memory().numTensors, `file ${file} of seed ${seed}, ${stage}`).toBe(before);
    const ofStage = counts.get(stage) ?? new Map<string, number>();
    counts.set(stage, ofStage.set(outcome, (ofStage.get(outcome) ?? 0) + 1));
  }
  const inside = [...counts].filter(([stage]) => stage.startsWith('config') || stage === 'weights' || stage === 'legacy');
  expect(inside.reduce((sum, [, each]) => sum + total(each), 0)).toBeGreaterThan(files / 2);
  if (process.env.FUZZ_FILES !== undefined) process.stdout.write(`${table(counts)}\n`);
});

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function table(counts: ReadonlyMap<Stage, ReadonlyMap<string, number>>): string {
  const lines = [...counts].sort().map(([stage, outcomes]) => {
    const each = [...outcomes].sort((a, b) => b[1] - a[1]).map(([outcome, count]) => `${outcome} ${count}`);
    return `${stage.padEnd(14)} ${String(total(outcomes)).padStart(6)}  ${each.join(', ')}`;
  });
  return `seed ${seed}, ${files} files, at most ${watch.peak()} MiB\n${lines.join('\n')}`;
}
