import { CellstateError } from '@cellstate/core';
import { parseTimeStamp, type TimeStamp } from './time-stamp.ts';

/** The times of a series, and those that follow. */
export interface TimeAxis {
  /** The time of each step, as written in the input. */
  readonly labels: readonly string[];
  /** The times of the `count` steps after the last, written as the input writes them. */
  following(count: number): string[];
}

/** `even`: one distance between all steps. `trading-days`: dates that rise, where weekends and holidays may be missing. */
export type Calendar = 'even' | 'trading-days';

export interface TimeAxisOptions {
  readonly calendar: Calendar;
  /** The line of each time in its file. */
  readonly lines: readonly number[];
  readonly where: string;
}

const DAY = 86_400_000;
/** Longer than any exchange stays closed in ordinary times. */
const LONGEST_CLOSURE = 7 * DAY;

/**
 * Makes the axis of times that were read, at least two.
 *
 * @throws CellstateError `TIME_NOT_READABLE`, `TIMES_NOT_SORTED` or `TIMES_HAVE_GAPS`, each with the line.
 */
export function timeAxis(labels: readonly string[], { calendar, lines, where }: TimeAxisOptions): TimeAxis {
  const stamps = labels.map((label, index) => readable(label, { line: lines[index] as number, where }));
  const last = stamps.at(-1) as TimeStamp;
  const at = (index: number) => `${where}, line ${lines[index]}`;
  for (const [index, stamp] of stamps.entries()) {
    const before = stamps[index - 1];
    if (before !== undefined && stamp.kind !== before.kind) throw notReadable(labels[index] as string, at(index), 'times of one kind');
    if (before !== undefined && stamp.value <= before.value) {
      throw new CellstateError('TIMES_NOT_SORTED', 'The times do not rise.', {
        expected: 'each later than the one before',
        received: `${labels[index]} after ${labels[index - 1]}`,
        where: at(index),
        hint: 'Sort the rows by time within each series; several series in one file need --series.',
      });
    }
  }
  const trading = calendar === 'trading-days' && last.kind === 'date';
  const step = trading ? DAY : commonStep(stamps);
  const tolerance = last.kind === 'number' ? step * 1e-6 : 0;
  for (let index = 1; index < stamps.length; index++) {
    const distance = (stamps[index] as TimeStamp).value - (stamps[index - 1] as TimeStamp).value;
    if (trading ? distance > LONGEST_CLOSURE : Math.abs(distance - step) > tolerance) {
      throw new CellstateError('TIMES_HAVE_GAPS', trading ? 'The dates have a gap.' : 'The times are not evenly spaced.', {
        received: `${labels[index]} after ${labels[index - 1]}`,
        expected: trading ? 'at most seven days' : `${last.format((stamps[index - 1] as TimeStamp).value + step)}`,
        where: at(index),
        hint: 'Fill the missing rows first.',
      });
    }
  }
  return { labels, following: (count) => (trading ? followingDays(stamps, count) : followingSteps(last, { step, count })) };
}

/** The axis of a file without times: rows numbered from 0. */
export function numberedAxis(steps: number): TimeAxis {
  return {
    labels: Array.from({ length: steps }, (_, index) => String(index)),
    following: (count) => Array.from({ length: count }, (_, index) => String(steps + index)),
  };
}

function followingSteps(last: TimeStamp, { step, count }: { step: number; count: number }): string[] {
  return Array.from({ length: count }, (_, index) => last.format(last.value + (index + 1) * step));
}

/** The days after the last; weekends are left out when the input has none. */
function followingDays(stamps: readonly TimeStamp[], count: number): string[] {
  const last = stamps.at(-1) as TimeStamp;
  const weekend = (value: number) => [0, 6].includes(new Date(value).getUTCDay());
  const closed = !stamps.some(({ value }) => weekend(value));
  const days: string[] = [];
  for (let value = last.value + DAY; days.length < count; value += DAY) {
    if (!closed || !weekend(value)) days.push(last.format(value));
  }
  return days;
}

/** The distance that occurs most often, the shorter one on a tie. */
function commonStep(stamps: readonly TimeStamp[]): number {
  const counts = new Map<number, number>();
  for (let index = 1; index < stamps.length; index++) {
    const distance = Number(((stamps[index] as TimeStamp).value - (stamps[index - 1] as TimeStamp).value).toPrecision(9));
    counts.set(distance, (counts.get(distance) ?? 0) + 1);
  }
  const [first] = [...counts].sort(([a, n], [b, m]) => m - n || a - b);
  return first?.[0] ?? 1;
}

function readable(label: string, { line, where }: { line: number; where: string }): TimeStamp {
  const stamp = parseTimeStamp(label);
  if (stamp === undefined) throw notReadable(label, `${where}, line ${line}`, 'a number or an ISO date like 2024-03-01 06:00');
  return stamp;
}

function notReadable(label: string, where: string, expected: string): CellstateError {
  return new CellstateError('TIME_NOT_READABLE', 'A time cannot be read.', { received: `'${label}'`, expected, where });
}
