import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { loadModel } from '@cellstate/keras';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runExample } from '../../src/example/run-example.ts';
import { createTankExample } from '../../src/tank/tank-example.ts';

let folder: string;
let terminal = '';
let metrics: Record<string, Record<string, unknown>>;
let report: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cellstate-tank-'));
  const stdout = new Writable({
    write(text, _encoding, done) {
      terminal += String(text);
      done();
    },
  });
  await runExample(
    createTankExample({ forecasters: 2, leakHunts: 2 }),
    { seed: 3, epochs: 1, out: folder, quick: true, resume: false, data: undefined },
    stdout,
  );
  metrics = JSON.parse(await readFile(join(folder, 'tank', 'metrics.json'), 'utf8'));
  report = await readFile(join(folder, 'tank', 'report.html'), 'utf8');
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

describe('the tank example', () => {
  it('tells its story in the order of the patterns', () => {
    expect(Object.keys(metrics)).toEqual([
      'example',
      'seed',
      'array',
      'windows',
      'stateful',
      'many-to-many',
      'many-to-one',
      'one-to-many-repeat',
      'one-to-many-loop',
      'forecasting',
      'stacked',
      'bidirectional',
      'autoencoder',
      'boundaries',
      'cycle',
      'held-out',
      'leak',
      'kernels',
    ]);
  });

  it('takes at most 12 lines of 80 columns a section', () => {
    const sections = terminal.split(/\n(?=\d+\. )/).slice(1);
    expect(sections).toHaveLength(16);
    for (const section of sections) {
      const [body = ''] = section.trim().split('\n\n');
      const lines = body.split('\n');
      expect(lines.length, body).toBeLessThanOrEqual(12);
      for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
    }
  });

  it('says what computes, and trains on both kernels alike', () => {
    expect(terminal).toMatch(/Engine: cpu, kernels in WebAssembly with (relaxed )?SIMD[.]/);
    expect(metrics.kernels!['difference of losses']).toBeLessThanOrEqual(1e-3);
    expect(terminal).toMatch(/WebAssembly with SIMD +[\d.]+ +[\d.]+\n +plain TypeScript +[\d.]+ +1[.]0/);
  });

  it('proves what stateful does', () => {
    expect(metrics.array!.shape).toEqual([8, 5, 2]);
    expect(metrics.stateful!['difference with state']).toBeLessThanOrEqual(1e-5);
    expect(metrics.stateful!['difference without state']).toBeGreaterThan(1e-2);
    expect(metrics['many-to-one']!['difference from the last row']).toBeLessThanOrEqual(1e-6);
    expect(metrics.boundaries!.difference).toMatchObject({ 'with reset': 0, 'with starts': 0 });
  });

  it('leaves its models beside the report', async () => {
    const names = (await readdir(join(folder, 'tank'))).filter((name) => name.endsWith('.keras')).sort();
    expect(names).toEqual(
      ['autoencoder', 'bidirectional', 'forecaster', 'many-to-many', 'many-to-one', 'stacked'].map((name) => `${name}.keras`),
    );
    const model = await loadModel(join(folder, 'tank', 'stacked.keras'));
    expect(model.layers.map(({ className }) => className)).toEqual(['LSTM', 'LSTM', 'Dense']);
    model.dispose();
  });

  it('writes a report that needs nothing else', () => {
    expect(report).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org\/)|<link|@import/);
    expect(report).not.toMatch(/NaN|undefined|Infinity/);
    for (const id of Object.keys(metrics).slice(2)) expect(report).toContain(`<section id="${id}">`);
  });
});
