import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { steps as Steps } from './page.ts';

declare const steps: typeof Steps;

const found = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', chromium.executablePath()].find((path) =>
  existsSync(path),
);

// Elsewhere the same stores are tested against stand-ins.
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
    const script = outputFiles[0].text;
    server = createServer((request, response) => {
      const isScript = request.url === '/page.js';
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
      response.end(isScript ? script : '<!doctype html><script type="module" src="page.js"></script>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    browser = await chromium.launch({ executablePath: found as string, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  test('a page that was closed goes on where it was, from files and from a database', async () => {
    const context = await browser.newContext();
    const first = await context.newPage();
    const failures: unknown[] = [];
    first.on('pageerror', (error) => failures.push(error));
    await first.goto(address, { waitUntil: 'load' });
    await first.waitForFunction('globalThis.steps !== undefined');
    const whole = await first.evaluate(() => steps.whole());
    await first.evaluate(() => steps.begin());
    await first.close();
    for (const name of ['files', 'database']) {
      const page = await context.newPage();
      await page.goto(address);
      await page.waitForFunction('globalThis.steps !== undefined');
      const resumed = await page.evaluate((store) => steps.goOn(store), name);
      expect(resumed).toEqual({ interrupted: { epoch: 1, batch: 2 }, left: null, ...whole });
      await page.close();
    }
    expect(failures).toEqual([]);
  });
});
