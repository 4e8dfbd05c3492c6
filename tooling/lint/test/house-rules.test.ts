import { expect, test } from 'vitest';
import { houseRules } from '../src/house-rules.js';

/** The rules that a file breaks, each with the line. */
function faults(path: string, text: string): string[] {
  return houseRules
    .filter((rule) => rule.applies(path))
    .flatMap((rule) => rule.find({ path, text }).map(({ line }) => (line === undefined ? rule.name : `${rule.name}:${line}`)));
}

test.each([
  ['packages/core/src/utils.ts', '', ['names-say-what']],
  ['packages/core/src/helpers/pad.ts', '', ['names-say-what']],
  ['packages/core/src/utilization.ts', '', []],
  ['packages/core/src/noise.ts', 'let a = 1;\nlet b = Math.random();', ['randomness-is-an-argument:2']],
  ['packages/core/src/gru.ts', 'class Gru extends Lstm {}', ['abstract-or-final:1']],
  ['packages/core/src/gru.ts', 'class Faulty extends CellstateError {}', []],
  ['packages/core/src/gru.ts', 'interface Gru extends Cell {}', []],
  ['packages/core/src/gru.ts', '// TODO later', ['no-unfinished-work:1']],
  ['README.md', 'see /home/ann/notes', ['no-machine-paths:1']],
  ['README.md', 'see https://example.org/home/ann', []],
  ['README.md', 'as issue 2 says', ['no-task-numbers:1']],
  ['pnpm-lock.yaml', 'resolution: {tarball: https://example.org/a.tgz}', ['no-registry-hosts:1']],
  ['packages/core/src/gru.ts', 'a();\nthrow new TypeError(text);', ['errors-say-what-and-where:2']],
  ['packages/core/src/gru.ts', "throw 'no';", ['errors-say-what-and-where:1']],
  ['packages/core/src/gru.ts', "throw new CellstateError('A', 'B.', details);", []],
  ['packages/testing/src/gru.ts', 'throw new Error(text);', []],
  ['packages/core/test/gru.test.ts', 'throw new Error(text);', []],
  ['packages/core/src/index.ts', "/** Doors. */\nexport type { A } from './a.ts';\nexport { a, b } from './a.ts';\n", []],
  ['packages/core/src/index.ts', "export * from './a.ts';", ['index-is-a-door-list']],
  ['packages/core/src/index.ts', 'export const a = 1;', ['index-is-a-door-list']],
])('%s with %j breaks %j', (path, text, expected) => {
  expect(faults(path, text)).toEqual(expected);
});
