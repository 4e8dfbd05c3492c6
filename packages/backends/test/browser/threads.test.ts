import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { page as Page } from './page.ts';

declare const page: typeof Page;

const found = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', chromium.executablePath()].find((path) =>
  existsSync(path),
);

/** What browsers ask of a page before it gets shared memory. */
const ISOLATION = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };

// Elsewhere the same is tested on Node's workers.
describe.runIf(found !== undefined)('in Chromium', () => {
  let browser: Browser;
  let server: Server;
  let address: string;

  beforeAll(async () => {
    const { outputFiles } = await build({
      entryPoints: [new URL('page.ts', import.meta.url).pathname],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'browser',
      conditions: ['@cellstate/source'],
    });
    const script = outputFiles[0]?.text;
    server = createServer(({ url = '' }, response) => {
      if (url.startsWith('/isolated')) for (const [name, value] of Object.entries(ISOLATION)) response.setHeader(name, value);
      if (url.startsWith('/isolated/strict')) response.setHeader('content-security-policy', "worker-src 'self'");
      response.setHeader('content-type', url.endsWith('.js') ? 'text/javascript' : 'text/html');
      response.end(url.endsWith('.js') ? script : '<!doctype html><script type="module" src="page.js"></script>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await chromium.launch({ executablePath: found as string, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  /** What one and three threads give in a page at that path, and what it warned of. */
  async function passesAt(path: string) {
    const opened = await browser.newPage();
    const warnings: string[] = [];
    const failures: unknown[] = [];
    opened.on('console', (message) => message.text().startsWith('cellstate:') && warnings.push(message.text()));
    opened.on('pageerror', (error) => failures.push(error));
    await opened.goto(`${address}${path}`);
    await opened.waitForFunction('globalThis.page !== undefined');
    const one = await opened.evaluate(() => page.pass(1));
    const three = await opened.evaluate(() => page.pass(3));
    const workers = opened.workers().length;
    await opened.evaluate(() => page.pass(1));
    await opened.close();
    expect(failures).toEqual([]);
    expect(one.threads).toBe(1);
    expect(three.values).toEqual(one.values);
    return { threads: three.threads, workers, warnings };
  }

  test('a page that is cross-origin isolated has threads, with the bits of one', async () => {
    expect(await passesAt('/isolated/')).toEqual({ threads: 3, workers: 2, warnings: [] });
  });

  test('a page that is not, has one, and is told', async () => {
    const { threads, workers, warnings } = await passesAt('/');
    expect({ threads, workers }).toEqual({ threads: 1, workers: 0 });
    expect(warnings).toMatchInlineSnapshot(`
      [
        "cellstate: 3 threads were asked for, one works: there is no SharedArrayBuffer, which browsers give only to pages that are cross-origin isolated.",
      ]
    `);
  });

  test('so has one whose policy forbids workers from a text', async () => {
    const { threads, workers, warnings } = await passesAt('/isolated/strict/');
    expect({ threads, workers }).toEqual({ threads: 1, workers: 0 });
    expect(warnings).toMatchInlineSnapshot(`
      [
        "cellstate: 3 threads were asked for, one works: the page may not start workers from a blob: address.",
      ]
    `);
  });
});
