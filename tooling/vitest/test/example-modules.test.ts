import { expect, test } from 'vitest';
import { exampleModule } from '../src/example-modules.js';

const lines = (code: string, line = 1) => exampleModule({ line, code }).split('\n');

test('a statement with a result becomes a check, on the line it stands on', () => {
  expect(lines("import { a } from 'a';\na(1); // → [1, 2]", 3)).toEqual([
    "import { checkExample as __check } from '@cellstate/testing';",
    '',
    "import { a } from 'a';",
    'await __check(async () => (a(1)), {"kind":"equal","expected":"[1, 2]","line":4}); // → [1, 2]',
    'export {};',
    '',
  ]);
});

test('results stand behind a chain, on the next line, over several lines, and in blocks', () => {
  const code = `model
  .predict(x)
  .toNested(); // ≈ [0.5]
rows();
// → [
//   1,
//   2,
// ]
if (ready) {
  await fit(); // throws NO_GRADIENT
}
console.log(loss); // → 3`;
  const checks = lines(code).filter((line) => line.includes('await __check') || line.includes('{"kind"'));
  expect(checks.join('\n')).toMatchInlineSnapshot(`
    "import { checkExample as __check } from '@cellstate/testing';await __check(async () => (model
      .toNested()), {"kind":"near","expected":"[0.5]","line":1}); // ≈ [0.5]
    await __check(async () => (rows()), {"kind":"equal","expected":"[\\n   1,\\n   2,\\n ]","line":4});
      await __check(async () => (await fit()), {"kind":"throws","expected":"NO_GRADIENT","line":10}); // throws NO_GRADIENT
    await __check(async () => (loss), {"kind":"equal","expected":"3","line":12}); // → 3"
  `);
});

test('a result that no statement gives is an error, never ignored', () => {
  expect(() => lines('const a = 1; // → 1')).toThrow('1 results are stated, but only 0 of them stand behind an expression statement');
});
