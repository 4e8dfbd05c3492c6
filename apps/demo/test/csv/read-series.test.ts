import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CellstateError } from '@cellstate/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSeries } from '../../src/csv/read-series.ts';
import type { OwnData } from '../../src/demo-options.ts';
import { problemLine } from '../../src/problem-line.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cellstate-csv-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(text: string, data: Partial<OwnData> = {}, minimumSteps = 2) {
  const file = join(folder, 'readings.csv');
  await writeFile(file, text);
  return readSeries({ file, series: undefined, time: undefined, features: undefined, ...data }, { minimumSteps, calendar: 'even' });
}

async function problem(text: string, data: Partial<OwnData> = {}, minimumSteps = 2): Promise<string> {
  const error = await read(text, data, minimumSteps).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CellstateError)) throw new Error(`not refused: ${String(error)}`);
  return problemLine(error).replaceAll(join(folder, '/'), '');
}

describe('readSeries', () => {
  it('reads interleaved series with their times', async () => {
    const table = await read('tank,hour,pressure,temperature\nA,0,1.5,20\nB,0,2.5,21\nA,1,1.25,19\nB,1,2.25,22\n', {
      series: 'tank',
      time: 'hour',
    });
    expect(table.features).toEqual(['pressure', 'temperature']);
    expect(table.series.map(({ name, rows }) => ({ name, rows }))).toEqual([
      {
        name: 'A',
        rows: [
          [1.5, 20],
          [1.25, 19],
        ],
      },
      {
        name: 'B',
        rows: [
          [2.5, 21],
          [2.25, 22],
        ],
      },
    ]);
    expect(table.series[1]?.times.following(1)).toEqual(['2']);
  });

  it('takes the columns in the order they are asked for, from any of three separators, behind a byte order mark', async () => {
    const table = await read('\uFEFFday;open;"close, adjusted"\n1;10;11\n2;12;13\n', {
      time: 'day',
      features: ['close, adjusted', 'open'],
    });
    expect(table.series[0]).toMatchObject({
      name: 'readings',
      rows: [
        [11, 10],
        [13, 12],
      ],
    });
  });

  it('says that a file is missing or none', async () => {
    const data = { series: undefined, time: undefined, features: undefined };
    const options = { minimumSteps: 2, calendar: 'even' } as const;
    await expect(readSeries({ file: join(folder, 'none.csv'), ...data }, options)).rejects.toThrow(/There is no such file/);
    await expect(readSeries({ file: folder, ...data }, options)).rejects.toThrow(/This is not a file/);
  });

  it('names the columns there are', async () => {
    expect(await problem('tank,hour,pressure\nA,0,1\nA,1,2\n', { series: 'tnk' })).toMatchInlineSnapshot(
      `"error: There is no column 'tnk': got 'tnk'; expected one of tank, hour, pressure; in readings.csv. [COLUMN_MISSING]"`,
    );
    expect(await problem('tank,hour\nA,0\n', { series: 'tank', time: 'hour' })).toMatchInlineSnapshot(
      `"error: No column is left for the numbers: got tank, hour; expected a column beside those of series and time; in readings.csv. [COLUMN_MISSING]"`,
    );
  });

  it('gives line and column of what is no number', async () => {
    expect(await problem('a,b\n1,2\n3,x4\n')).toMatchInlineSnapshot(
      `"error: A value is not a number: got 'x4'; expected digits, as 12.5 or -3e4; in readings.csv, line 3, column 'b'. [NOT_A_NUMBER]"`,
    );
    expect(await problem('a,b\n1,2\n\n3,\n')).toMatchInlineSnapshot(
      `"error: A value is not a number: got nothing; expected digits, as 12.5 or -3e4; in readings.csv, line 4, column 'b'. [NOT_A_NUMBER]"`,
    );
    expect(await problem('a,b\n1,NaN\n')).toMatch(/NOT_A_NUMBER/);
  });

  it('gives the line of gaps and unsorted times within a series', async () => {
    const text = 'tank,hour,p\nA,0,1\nB,0,1\nA,1,1\nB,1,1\nA,2,1\nB,3,1\n';
    expect(await problem(text, { series: 'tank', time: 'hour' })).toMatchInlineSnapshot(
      `"error: The times are not evenly spaced: got 3 after 1; expected 2; in readings.csv, line 7. Fill the missing rows first. [TIMES_HAVE_GAPS]"`,
    );
    expect(await problem('hour,p\n1,1\n0,1\n', { time: 'hour' })).toMatchInlineSnapshot(
      `"error: The times do not rise: got 0 after 1; expected each later than the one before; in readings.csv, line 3. Sort the rows by time within each series; several series in one file need --series. [TIMES_NOT_SORTED]"`,
    );
  });

  it('refuses series that are too short or cover other times', async () => {
    expect(await problem('p\n1\n2\n', {}, 100)).toMatchInlineSnapshot(
      `"error: The series 'readings' is shorter than the windows and the held-out part need: got 2 steps; expected at least 100; in readings.csv. [SERIES_TOO_SHORT]"`,
    );
    expect(await problem('p\n')).toMatch(/no rows/);
    expect(await problem('tank,p\nA,1\nA,2\nB,1\nB,2\nB,3\n', { series: 'tank' })).toMatchInlineSnapshot(
      `"error: The series 'B' does not cover the same times as 'A': got 3 steps from 0; expected 2 steps from 0; in readings.csv. [SERIES_UNEVEN]"`,
    );
  });

  it('refuses rows of another width and two columns of one name', async () => {
    expect(await problem('a,b\n1,2\n3\n')).toMatchInlineSnapshot(
      `"error: A record cannot be read: got Invalid Record Length: expect 2, got 1 on line 3; expected as many fields as the header has, quoted where they hold quotes; in readings.csv. [CSV_MALFORMED]"`,
    );
    expect(await problem('a,a\n1,2\n')).toMatch(/Two columns are named 'a'/);
  });
});
