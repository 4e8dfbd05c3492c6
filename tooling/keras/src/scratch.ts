import { readFileSync } from 'node:fs';
import { useBackend } from '@cellstate/backends';
import { ENGINES } from '@cellstate/testing';
import { compareAnswer, type LiveAnswer } from './compare-answer.ts';
const [file, seed] = process.argv.slice(2);
const all = readFileSync(file as string, 'utf8').split('\n').filter(Boolean).map((l) => JSON.parse(l));
let bad = 0; const t0 = Date.now();
for (const { backend, options } of ENGINES) {
  await useBackend(backend, options);
  for (const a of all as LiveAnswer[]) {
    const found = await compareAnswer(a, Number(seed ?? 20261123));
    if (found.length) { bad++; console.log(options.fused, found.join('\n   ').slice(0, 1500), '\n', JSON.stringify({ ...a, keras: undefined }).slice(0, 2500)); }
  }
}
console.log(all.length, 'configurations', bad, 'bad', Date.now() - t0, 'ms');
