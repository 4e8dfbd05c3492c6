import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../src/command.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cellstate-demo-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function run(...argv: string[]) {
  const texts = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') =>
    new Writable({
      write(text, _encoding, done) {
        texts[name] += String(text);
        done();
      },
    });
  const exitCode = await runCommand(argv, { stdout: stream('stdout'), stderr: stream('stderr') });
  return { exitCode, ...texts };
}

/** Readings of two tanks with a daily cycle, an hour a row. */
function readings(hours: number, change: (line: string, hour: number) => string = (line) => line): string {
  const rows = Array.from({ length: hours }, (_, hour) =>
    ['north', 'south'].map((tank, index) => {
      const angle = (2 * Math.PI * hour) / 24 + index;
      const wobble = Math.sin(hour * 12.9898 + index) / 5;
      return change(
        `${tank},${hour},${(60 + 4 * Math.sin(angle) + wobble).toFixed(3)},${(15 + 3 * Math.cos(angle) - wobble).toFixed(3)}`,
        hour,
      );
    }),
  );
  return `${['tank,hour,pressure,temperature', ...rows.flat()].join('\n')}\n`;
}

describe('the command line', () => {
  it('explains itself', async () => {
    const { exitCode, stdout, stderr } = await run('--help');
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    for (const option of ['--seed', '--epochs', '--out', '--quick', '--csv', '--series', '--time', '--features'])
      expect(stdout).toContain(option);
  });

  it.each([
    [['--fast'], "error: unknown option '--fast' See demo --help.\n"],
    [['tank', '--sed', '3'], "error: unknown option '--sed' (Did you mean --seed?) See demo --help.\n"],
    [['tank', '--epochs', '0'], /^error: option '--epochs <count>' argument '0' is invalid\. .*\n$/],
    [['tank', '--seed', '1.5'], /^error: option '--seed <integer>' argument '1\.5' is invalid\. .*\n$/],
    [['tank', '--features', 'a,,b'], /^error: option '--features <columns>' argument 'a,,b' is invalid\. .*\n$/],
    [['boat'], /^error: .*'boat' is invalid for argument 'example'.*\n$/],
    [
      ['tank', '--series', 'a'],
      /^error: --series describes a file, and no file was given: got --series alone; expected --csv beside it; .*\n$/,
    ],
    [['--csv', 'a.csv'], /^error: Your own data needs the name of one example: .*\n$/],
  ])('answers %j in one line, with exit code 1', async (argv, line) => {
    const { exitCode, stdout, stderr } = await run(...argv, '--out', folder);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(line);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['a missing file', undefined, /There is no such file/],
    [
      'a column that is not there',
      readings(200).replace('tank,', 'vessel,'),
      /There is no column 'tank': got 'tank'; expected one of vessel, hour, pressure, temperature/,
    ],
    [
      'a word for a number',
      readings(200, (line, hour) => (hour === 7 ? line.replace(/[\d.]+$/, 'warm') : line)),
      /got 'warm'; expected digits.*; in .*readings\.csv, line 16, column 'temperature'/,
    ],
    [
      'a gap',
      readings(200, (line, hour) => (hour < 9 ? line : line.replace(`,${hour},`, `,${hour + 1},`))),
      /not evenly spaced: got 10 after 8; expected 9; in .*line 20/,
    ],
    [
      'unsorted times',
      readings(200, (line, hour) => (hour === 9 ? line.replace(',9,', ',7,') : line)),
      /do not rise: got 7 after 8; expected each later than the one before; in .*line 20/,
    ],
    ['a short series', readings(60), /got 60 steps; expected at least 120/],
  ])('refuses %s in one line and leaves nothing behind', async (_, text, line) => {
    const file = join(folder, 'readings.csv');
    if (text !== undefined) await writeFile(file, text);
    const out = join(folder, 'out');
    const { exitCode, stdout, stderr } = await run('tank', '--csv', file, '--series', 'tank', '--time', 'hour', '--out', out);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(line);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(existsSync(out)).toBe(false);
  });
});

describe('own data', () => {
  it('is forecast, the same for the same seed and not for another', async () => {
    const file = join(folder, 'readings.csv');
    await writeFile(file, readings(360));
    const runInto = async (out: string, seed: string) => {
      const ran = await run(
        'tank',
        '--csv',
        file,
        '--series',
        'tank',
        '--time',
        'hour',
        '--epochs',
        '1',
        '--seed',
        seed,
        '--out',
        join(folder, out),
      );
      const read = (name: string) => readFile(join(folder, out, 'tank', name), 'utf8');
      return { ...ran, metrics: await read('metrics.json'), forecast: await read('forecast.csv'), report: await read('report.html') };
    };
    const first = await runInto('first', '5');
    const again = await runInto('again', '5');
    const other = await runInto('other', '6');
    expect(first.stderr).toBe('');
    expect(first.exitCode).toBe(0);
    expect(again.metrics).toBe(first.metrics);
    expect(again.forecast).toBe(first.forecast);
    expect(other.metrics).not.toBe(first.metrics);

    const rows = first.forecast.trim().split('\n');
    expect(rows[0]).toBe('series,time,horizon,feature,forecast,naive');
    expect(rows).toHaveLength(1 + 72 * 2 * 2);
    expect(rows[1]).toMatch(/^north,360,1,pressure,[\d.]+,[\d.]+$/);
    expect(rows.at(-1)).toMatch(/^south,431,72,temperature,/);
    const { naive } = { naive: Number(rows[1]!.split(',')[5]) };
    const yesterday = Number(
      (await readFile(file, 'utf8'))
        .split('\n')
        .find((line) => line.startsWith('north,336,'))!
        .split(',')[2],
    );
    expect(naive).toBeCloseTo(yesterday, 3);

    expect(first.report).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org\/)|<link|@import/);
    expect(first.report.match(/<svg /g)!.length).toBeGreaterThan(8);
    expect(first.report).not.toMatch(/NaN|undefined|Infinity/);
  });
});
