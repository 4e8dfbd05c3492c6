import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Calendar, numberedAxis, timeAxis } from '../../src/csv/time-axis.ts';

function axis(labels: string[], calendar: Calendar = 'even') {
  return timeAxis(labels, { calendar, lines: labels.map((_, index) => index + 2), where: 'readings.csv' });
}

describe('timeAxis', () => {
  it.each([
    ['whole numbers', ['0', '1', '2'], ['3', '4']],
    ['decimals', ['0.1', '0.2', '0.3'], ['0.4', '0.5']],
    ['dates', ['2024-02-27', '2024-02-28'], ['2024-02-29', '2024-03-01']],
    ['hours with a space', ['2024-12-31 22:00', '2024-12-31 23:00'], ['2025-01-01 00:00', '2025-01-01 01:00']],
    [
      'seconds and a zone',
      ['2024-03-01T06:00:00+01:00', '2024-03-01T06:00:30+01:00'],
      ['2024-03-01T06:01:00+01:00', '2024-03-01T06:01:30+01:00'],
    ],
    ['UTC', ['2024-03-01T06:00Z', '2024-03-01T12:00Z'], ['2024-03-01T18:00Z', '2024-03-02T00:00Z']],
  ])('continues %s as the input writes them', (_, labels, following) => {
    expect(axis(labels).following(2)).toEqual(following);
  });

  it('leaves weekends out of trading days unless the input has one', () => {
    expect(axis(['2024-03-06', '2024-03-07'], 'trading-days').following(3)).toEqual(['2024-03-08', '2024-03-11', '2024-03-12']);
    expect(axis(['2024-03-09', '2024-03-10'], 'trading-days').following(1)).toEqual(['2024-03-11']);
  });

  it('accepts weekends and holidays between trading days', () => {
    expect(axis(['2024-03-28', '2024-04-02', '2024-04-03'], 'trading-days').labels).toHaveLength(3);
  });

  it('continues any even axis as if it had been read to its end', () => {
    const first = Date.UTC(2024, 0, 1);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 2, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        (minutes, known, more) => {
          const labels = Array.from({ length: known + more }, (_, step) =>
            new Date(first + step * minutes * 60_000).toISOString().slice(0, 16),
          );
          expect(axis(labels.slice(0, known)).following(more)).toEqual(labels.slice(known));
        },
      ),
    );
  });

  it('numbers rows where no times were given', () => {
    expect(numberedAxis(3).labels).toEqual(['0', '1', '2']);
    expect(numberedAxis(3).following(2)).toEqual(['3', '4']);
  });

  it('names the line of a gap, also when the first step is the long one', () => {
    expect(() => axis(['0', '1', '2', '4', '5'])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The times are not evenly spaced. [TIMES_HAVE_GAPS]
        expected: 3
        received: 4 after 2
        where: readings.csv, line 5
        hint: Fill the missing rows first.]
    `);
    expect(() => axis(['2024-03-01 00:00', '2024-03-01 03:00', '2024-03-01 04:00', '2024-03-01 05:00'])).toThrow(/line 3/);
    expect(() => axis(['2024-03-01', '2024-03-20'], 'trading-days')).toThrow(/at most seven days/);
  });

  it('names the line of a time that does not rise', () => {
    expect(() => axis(['0', '2', '1'])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The times do not rise. [TIMES_NOT_SORTED]
        expected: each later than the one before
        received: 1 after 2
        where: readings.csv, line 4
        hint: Sort the rows by time within each series; several series in one file need --series.]
    `);
    expect(() => axis(['5', '5'])).toThrow(/TIMES_NOT_SORTED/);
  });

  it.each(['', 'noon', '2024-02-30', '2024-13-01', '2024-03-01 25:00'])("refuses '%s' as a time", (label) => {
    expect(() => axis(['2024-01-01', label])).toThrow(/TIME_NOT_READABLE/);
  });

  it('refuses numbers and dates in one column', () => {
    expect(() => axis(['2024-01-01', '7'])).toThrow(/times of one kind/);
  });
});
