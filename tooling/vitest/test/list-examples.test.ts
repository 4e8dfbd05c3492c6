import { expect, test } from 'vitest';
import { listExamples } from '../src/list-examples.js';

test('Markdown gives its ts fences, with heading and line', () => {
  const text = [
    '# Title',
    '```sh',
    'npm install',
    '```',
    '## Use',
    '```ts',
    'const a = 1;',
    'a; // → 1',
    '```',
    '```ts no-run',
    'b',
    '```',
  ];
  expect(listExamples('README.md', text.join('\n'))).toEqual([{ name: 'Use', line: 7, code: 'const a = 1;\na; // → 1' }]);
});

test('a source file gives the ts fences below @example, with what they document', () => {
  const text = `
/**
 * A fence in the prose is not an example:
 * \`\`\`ts
 * never
 * \`\`\`
 *
 * @example
 * \`\`\`ts
 * add(1, 2); // → 3
 * \`\`\`
 *
 * @throws nothing
 * \`\`\`ts
 * never
 * \`\`\`
 */
export function add(a: number, b: number): number {
  return a + b;
}

export interface Cell {
  /**
   * @example
   * \`\`\`ts
   * if (true) {
   *   run();
   * }
   * \`\`\`
   */
  readonly units: number;
}
`;
  expect(listExamples('add.ts', text)).toEqual([
    { name: 'add', line: 10, code: 'add(1, 2); // → 3' },
    { name: 'units', line: 26, code: 'if (true) {\n  run();\n}' },
  ]);
});
