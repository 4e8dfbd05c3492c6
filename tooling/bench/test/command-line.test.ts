import { expect, test } from 'vitest';
import { HELP, list, readCommandLine } from '../src/command-line.ts';
import { ENTRIES } from '../src/entries.ts';
import { DEFAULT_TASKS, QUICK_TASKS, TASKS } from '../src/task.ts';

const names = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name);

test('without options the usual tasks and everyone', () => {
  expect(readCommandLine([])).toMatchObject({ tasks: DEFAULT_TASKS, entries: ENTRIES, write: false, requireAll: false, show: null });
  expect(names(DEFAULT_TASKS)).toEqual([
    'lstm-1x3x1x4',
    'lstm-32x50x2x32',
    'lstm-32x50x2x128',
    'predict-lstm-32x50x2x32',
    'predict-lstm-32x50x2x128',
    'stream-lstm-2x32',
  ]);
  expect(readCommandLine(['--quick']).tasks).toBe(QUICK_TASKS);
  expect(names(QUICK_TASKS)).toEqual(['lstm-1x3x1x4', 'lstm-32x50x2x32', 'stream-lstm-2x32']);
  expect(readCommandLine(['--full']).tasks).toBe(TASKS);
});

test('--only picks tasks, contestants, or both', () => {
  expect(names(readCommandLine(['--only', 'gru-32x50x2x32']).tasks)).toEqual(['gru-32x50x2x32']);
  expect(readCommandLine(['--only', 'gru-32x50x2x32']).entries).toBe(ENTRIES);
  expect(readCommandLine(['--only', 'keras, cellstate'])).toMatchObject({ tasks: DEFAULT_TASKS });
  expect(names(readCommandLine(['--only', 'keras,cellstate']).entries)).toEqual(['cellstate', 'keras']);
  expect(() => readCommandLine(['--only', 'kerras'])).toThrow("There is no task or contestant 'kerras'.");
});

test('what there is not is refused', () => {
  expect(() => readCommandLine(['--fast'])).toThrow('--fast');
  expect(() => readCommandLine(['--quick', '--full'])).toThrow('exclude each other');
});

test('help fits a terminal of 80 columns, and every name means one thing', () => {
  for (const line of HELP.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  expect(list()).toContain('stream-lstm-2x32');
  expect(readCommandLine(['--help']).show).toBe('help');
  expect(readCommandLine(['--list']).show).toBe('list');
  expect(new Set(names([...TASKS, ...ENTRIES])).size).toBe(TASKS.length + ENTRIES.length);
});
