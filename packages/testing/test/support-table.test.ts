import { expect, test } from 'vitest';
import { supportTable, withSupportTable } from '../src/support-table.ts';

const described = [
  { nodes: [{ layer: { type: 'lstm', units: 2 } }, { layer: { type: 'dense', units: 1 } }, { layer: { type: 'lstm', units: 3 } }] },
];

test('a row for each type and each option of a recurrent layer, once a case; by the path it took', () => {
  const cases = [
    { engine: 'cpu, SIMD', described, fused: ['LSTM'] },
    { engine: 'cpu, SIMD', described, fused: [] },
    { engine: 'stock', described: [{ type: 'bidirectional', layer: { type: 'simpleRnn' } }] },
  ];
  expect(supportTable(cases)).toMatchInlineSnapshot(`
    "|  | cpu, SIMD | stock |
    | --- | --- | --- |
    | \`bidirectional\` | – | 1 |
    | \`dense\` | 2 reference | – |
    | \`lstm\` | 1 fused, 1 reference | – |
    | \`lstm units\` | 1 fused, 1 reference | – |
    | \`simpleRnn\` | – | 1 |"
  `);
});

test('the table replaces what is between the marks, and nothing else', () => {
  const text = 'a\n<!-- support -->\nold\n<!-- /support -->\nb\n';
  const once = withSupportTable(text, '| new |');
  expect(once).toBe('a\n<!-- support -->\n\n| new |\n\n<!-- /support -->\nb\n');
  expect(withSupportTable(once, '| new |')).toBe(once);
  expect(() => withSupportTable('nothing', '| new |')).toThrow('<!-- support -->');
});
