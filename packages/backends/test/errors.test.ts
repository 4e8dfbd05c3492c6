import { fileURLToPath } from 'node:url';
import { testRefusals } from '@cellstate/testing';
import { useBackend } from '../src/index.ts';

const anything = (value: unknown) => value as never;

testRefusals(
  [
    ['an engine that is misspelt', () => useBackend(anything('cpuu'))],
    ['an engine of another word', () => useBackend(anything('steam'))],
    ['an unknown option', () => useBackend('cpu', anything({ fuse: true }))],
  ],
  { sources: fileURLToPath(new URL('../src', import.meta.url)), texts: 'errors.txt' },
);
