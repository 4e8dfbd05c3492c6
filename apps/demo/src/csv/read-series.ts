import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { CellstateError } from '@cellstate/core';
import { CsvError, parse } from 'csv-parse';
import type { OwnData } from '../demo-options.ts';
import { type Calendar, numberedAxis, type TimeAxis, timeAxis } from './time-axis.ts';

/** Series read from one file. */
export interface SeriesTable {
  /** The names of the numbers in a row. */
  readonly features: readonly string[];
  readonly series: readonly NamedSeries[];
}

export interface NamedSeries {
  readonly name: string;
  /** A row of features for each step. */
  readonly rows: readonly (readonly number[])[];
  readonly times: TimeAxis;
}

export interface ReadOptions {
  /** The fewest steps the example can work with. */
  readonly minimumSteps: number;
  /** What counts as a gap. */
  readonly calendar: Calendar;
}

interface Growing {
  readonly rows: number[][];
  readonly labels: string[];
  readonly lines: number[];
}

/**
 * Reads a CSV file row by row: a header, then rows of one or several series.
 *
 * @throws CellstateError with the line and column: `FILE_NOT_READABLE`, `CSV_MALFORMED`, `COLUMN_MISSING`, `NOT_A_NUMBER`,
 * `TIMES_NOT_SORTED`, `TIMES_HAVE_GAPS`, `TIME_NOT_READABLE`, `SERIES_TOO_SHORT`, `SERIES_UNEVEN`.
 */
export async function readSeries(data: OwnData, { minimumSteps, calendar }: ReadOptions): Promise<SeriesTable> {
  await checkFile(data.file);
  const growing = new Map<string, Growing>();
  let columns: Columns | undefined;
  for await (const { record, line } of records(data.file)) {
    if (columns === undefined) {
      columns = findColumns(record, data);
      continue;
    }
    const { series, time, features } = columns;
    const name = series === undefined ? basename(data.file).replace(/\.[^.]*$/, '') : (record[series] as string);
    const into = growing.get(name) ?? { rows: [], labels: [], lines: [] };
    growing.set(name, into);
    into.rows.push(
      features.map(({ index, name: column }) => number(record[index] as string, `${data.file}, line ${line}, column '${column}'`)),
    );
    into.labels.push(time === undefined ? '' : (record[time] as string));
    into.lines.push(line);
  }
  if (columns === undefined || growing.size === 0) {
    throw new CellstateError('SERIES_TOO_SHORT', 'The file has no rows.', {
      expected: 'a header, then a row for each step',
      received: columns === undefined ? 'nothing' : 'a header alone',
      where: data.file,
    });
  }
  const series = [...growing].map(([name, { rows, labels, lines }]) => {
    if (rows.length < minimumSteps) throw tooShort(name, { steps: rows.length, minimumSteps, where: data.file });
    const times = columns?.time === undefined ? numberedAxis(rows.length) : timeAxis(labels, { calendar, lines, where: data.file });
    return { name, rows, times };
  });
  checkAligned(series, data.file);
  return { features: columns.features.map(({ name }) => name), series };
}

async function checkFile(file: string): Promise<void> {
  const found = await stat(file).catch((cause: NodeJS.ErrnoException) => {
    throw new CellstateError('FILE_NOT_READABLE', cause.code === 'ENOENT' ? 'There is no such file.' : 'The file cannot be read.', {
      expected: 'a CSV file',
      received: cause.code ?? cause.message,
      where: file,
      cause,
    });
  });
  if (!found.isFile()) {
    throw new CellstateError('FILE_NOT_READABLE', 'This is not a file.', { expected: 'a CSV file', received: 'a folder', where: file });
  }
}

/** The records of a file with their line, header first. Commas, semicolons and tabs all separate fields. */
async function* records(file: string): AsyncGenerator<{ readonly record: string[]; readonly line: number }> {
  const parser = createReadStream(file).pipe(
    parse({ bom: true, delimiter: [',', ';', '\t'], trim: true, skip_empty_lines: true, info: true }),
  );
  try {
    for await (const { record, info } of parser) yield { record, line: info.lines };
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw malformed(file, cause);
  }
}

function malformed(file: string, cause: CsvError): CellstateError {
  return new CellstateError('CSV_MALFORMED', 'A record cannot be read.', {
    expected: 'as many fields as the header has, quoted where they hold quotes',
    received: cause.message,
    where: file,
    cause,
  });
}

interface Columns {
  readonly series: number | undefined;
  readonly time: number | undefined;
  readonly features: readonly { readonly index: number; readonly name: string }[];
}

function findColumns(header: readonly string[], { file, series, time, features }: OwnData): Columns {
  const find = (name: string) => {
    const index = header.indexOf(name);
    if (index < 0)
      throw new CellstateError('COLUMN_MISSING', `There is no column '${name}'.`, {
        expected: `one of ${header.join(', ')}`,
        received: `'${name}'`,
        where: file,
      });
    return index;
  };
  const twice = header.find((name, index) => header.indexOf(name) < index);
  if (twice !== undefined) {
    throw new CellstateError('CSV_MALFORMED', `Two columns are named '${twice}'.`, {
      expected: 'a name of its own for each column',
      received: header.join(', '),
      where: `${file}, line 1`,
    });
  }
  const seriesIndex = series === undefined ? undefined : find(series);
  const timeIndex = time === undefined ? undefined : find(time);
  const chosen = features ?? header.filter((name) => name !== series && name !== time);
  if (chosen.length === 0) {
    throw new CellstateError('COLUMN_MISSING', 'No column is left for the numbers.', {
      expected: 'a column beside those of series and time',
      received: header.join(', '),
      where: file,
    });
  }
  return { series: seriesIndex, time: timeIndex, features: chosen.map((name) => ({ name, index: find(name) })) };
}

function number(text: string, where: string): number {
  const value = Number(text);
  if (text === '' || !Number.isFinite(value)) {
    throw new CellstateError('NOT_A_NUMBER', 'A value is not a number.', {
      expected: 'digits, as 12.5 or -3e4',
      received: text === '' ? 'nothing' : `'${text}'`,
      where,
    });
  }
  return value;
}

function tooShort(name: string, { steps, minimumSteps, where }: { steps: number; minimumSteps: number; where: string }): CellstateError {
  return new CellstateError('SERIES_TOO_SHORT', `The series '${name}' is shorter than the windows and the held-out part need.`, {
    received: `${steps} steps`,
    expected: `at least ${minimumSteps}`,
    where,
  });
}

/** Rows of one batch stand for one time, so all series must cover the same steps. */
function checkAligned(series: readonly NamedSeries[], where: string): void {
  const [first] = series;
  for (const other of series) {
    const apart = other.rows.length !== first?.rows.length || other.times.labels[0] !== first.times.labels[0];
    if (apart && first !== undefined) {
      throw new CellstateError('SERIES_UNEVEN', `The series '${other.name}' does not cover the same times as '${first.name}'.`, {
        received: `${other.rows.length} steps from ${other.times.labels[0]}`,
        expected: `${first.rows.length} steps from ${first.times.labels[0]}`,
        where,
      });
    }
  }
}
