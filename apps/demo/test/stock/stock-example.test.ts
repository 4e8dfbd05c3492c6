import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { useBackend } from '@cellstate/backends';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newRecording, type Recording, recordingPage } from '../../src/example/recorder.ts';
import { metricsJson } from '../../src/output/metrics-json.ts';
import { openJobs } from '../../src/parallel/jobs.ts';
import { stockExample } from '../../src/stock/stock-example.ts';
import { terminalScreen } from '../../src/terminal/terminal-screen.ts';

const DAYS = 150;
const folder = mkdtempSync(join(tmpdir(), 'stock-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Run {
  readonly recording: Recording;
  /** Lines in the terminal by section. */
  readonly lines: Readonly<Record<string, number>>;
}

async function run(file: string, features: readonly string[]): Promise<Run> {
  const data = { file, series: undefined, time: 'date', features };
  const jobs = openJobs();
  const { sections } = await stockExample.open({ seed: 7, epochs: 1, out: folder, quick: true, resume: false, data }, jobs);
  const recording = newRecording();
  const lines: Record<string, number> = {};
  for (const [index, section] of sections.entries()) {
    let text = '';
    const stdout = new Writable({
      write(chunk, _encoding, done) {
        text += String(chunk);
        done();
      },
    });
    const screen = terminalScreen(stdout);
    screen.heading(index + 1, section.title);
    await section.run(recordingPage(section, recording, { screen }));
    lines[section.id] = text.trim().split('\n').length;
    expect(Math.max(...text.split('\n').map((line) => line.length)), `widest line of ${section.id}:\n${text}`).toBeLessThanOrEqual(80);
  }
  await jobs.close();
  return { recording, lines };
}

describe('stockExample on prices of one’s own', () => {
  const file = join(folder, 'acme.csv');
  let first: Run;
  beforeAll(async () => {
    await useBackend('cpu');
    const rows = Array.from({ length: DAYS }, (_, day) => {
      const date = new Date(Date.UTC(2024, 0, 1 + Math.floor(day / 5) * 7 + (day % 5))).toISOString().slice(0, 10);
      return `${date},${(100 + 5 * Math.sin(day * 1.3) + day / 3).toFixed(2)},${(80 + 4 * Math.cos(day * 0.7)).toFixed(2)}`;
    });
    writeFileSync(file, ['date,close,other', ...rows].join('\n'));
    first = await run(file, ['close']);
  }, 60_000);

  it('writes the same metrics twice', async () => {
    expect(metricsJson((await run(file, ['close'])).recording.metrics)).toBe(metricsJson(first.recording.metrics));
  }, 60_000);

  it('leaves out several stocks when there is one, and passes all its checks', () => {
    expect(first.recording.sections.map(({ id }) => id)).toEqual(['tutorial', 'shape', 'state', 'ways', 'returns', 'forecast', 'answers']);
    expect(first.recording.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(first.recording.checks).toHaveLength(5);
  });

  it('shows at most twelve lines a section in the terminal', () => {
    expect(Object.entries(first.lines).filter(([, count]) => count > 12)).toEqual([]);
  });

  it('answers five questions', () => {
    expect(first.recording.sections.at(-1)?.blocks).toHaveLength(5);
  });

  it('forecasts twenty weekdays from the last close on, beside persistence', () => {
    const { forecast } = first.recording;
    expect(forecast).toHaveLength(20);
    expect(forecast[0]).toMatchObject({ series: 'acme', time: '2024-07-29', horizon: 1, feature: 'close' });
    expect(forecast.at(-1)).toMatchObject({ time: '2024-08-23', horizon: 20 });
    expect(new Set(forecast.map(({ naive }) => naive.toFixed(2)))).toEqual(new Set([(100 + 5 * Math.sin(149 * 1.3) + 149 / 3).toFixed(2)]));
  });
});
