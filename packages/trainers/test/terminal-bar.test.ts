import { afterEach, describe, expect, test, vi } from 'vitest';
import { terminalBar as browserBar } from '../src/node/terminal-bar.browser.ts';
import { barLine, terminalBar } from '../src/node/terminal-bar.node.ts';
import { scriptedFit } from './scripted-fit.ts';

const { isTTY } = process.stderr;

afterEach(() => {
  process.stderr.isTTY = isTTY;
  vi.restoreAllMocks();
});

describe('the line', () => {
  const values = { loss: 0.25, meanAbsoluteError: 0.0001, val_loss: 0.5, val_meanAbsoluteError: 0.75 };

  test('fits the terminal, leaving out the last values', () => {
    const shown = { progress: 0.25, label: 'Epoch 25/100', values, seconds: 3 };
    expect(barLine(shown, 80)).toMatchInlineSnapshot(`"Epoch 25/100 ━━━━━─────────────── 9s left · loss: 0.2500 · val_loss: 0.5000"`);
    expect(barLine(shown, 160)).toMatchInlineSnapshot(
      `"Epoch 25/100 ━━━━━─────────────── 9s left · loss: 0.2500 · val_loss: 0.5000 · meanAbsoluteError: 1.0000e-04 · val_meanAbsoluteError: 0.7500"`,
    );
    for (const columns of [60, 80, 100]) expect(barLine(shown, columns).length).toBeLessThan(columns);
  });

  test('tells the time taken at both ends', () => {
    expect(barLine({ progress: 0, label: 'Epoch 1/2', values: {}, seconds: 0 }, 80)).toMatchInlineSnapshot(
      `"Epoch 1/2 ──────────────────── 0s"`,
    );
    expect(barLine({ progress: 1, label: 'Epoch 2/2', values: {}, seconds: 0.0421 }, 80)).toMatchInlineSnapshot(
      `"Epoch 2/2 ━━━━━━━━━━━━━━━━━━━━ 42ms"`,
    );
  });
});

test('a bar runs on a terminal and gives it back, also after an error', async () => {
  process.stderr.isTTY = true;
  const written: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  process.stderr.cursorTo ??= () => true;
  process.stderr.clearLine ??= () => true;
  process.stderr.moveCursor ??= () => true;
  await scriptedFit([1, 0.5], [], { options: { verbose: 1 } });
  expect(written.join('')).toContain('Epoch 2/2 ━━━━━━━━━━━━━━━━━━━━');
  expect(written.join('')).toContain('loss: 0.5000');
  written.length = 0;
  const fails = { onEpochEnd: () => Promise.reject(new Error('on purpose')) };
  await expect(scriptedFit([1], [fails], { options: { verbose: 1 } })).rejects.toThrow('on purpose');
  expect(written.join('')).toContain('\u001b[?25h');
});

test('there is none without a terminal, nor in a browser', () => {
  process.stderr.isTTY = false;
  expect(terminalBar()).toBeNull();
  expect(browserBar()).toBeNull();
});
