import { series } from '@cellstate/windowing';
import { describe, expect, it } from 'vitest';
import { CHUNK, LANES, prepareReturns } from '../../src/stock/return-forecaster.ts';

const DAYS = 400;
// Calm while training, wild afterwards.
const closes = Array.from({ length: DAYS }, (_, day) => 100 * Math.exp(0.001 * day + (day < 260 ? 0.01 : 0.05) * Math.sin(day * 1.7)));

describe('prepareReturns', () => {
  const { parts, start, scaler, training, validation } = prepareReturns(series(closes));

  it('cuts three parts in order of time', () => {
    expect([parts.train.part, parts.validation.part, parts.test.part]).toEqual([
      { name: 'train', start: 0, end: 260 },
      { name: 'validation', start: 260, end: 320 },
      { name: 'test', start: 320, end: 400 },
    ]);
    expect(start).toBe(320);
  });

  it('scales log returns by the training part alone', () => {
    const returns = closes.slice(1, 260).map((close, day) => Math.log(close / (closes[day] as number)));
    const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length;
    const sd = Math.sqrt(returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / returns.length);
    const scaled = scaler.transform(parts.test, { after: parts.validation });
    for (const day of [0, 1, 79]) {
      const value = (Math.log((closes[320 + day] as number) / (closes[319 + day] as number)) - mean) / sd;
      expect(scaled.at(day, 0)).toBeCloseTo(value, 2);
    }
  });

  it('deals every training day to one lane once, and its next day as the target', () => {
    const days = [...training.plan()].flatMap(({ spans }) =>
      spans.flatMap((span) => (span === null ? [] : Array.from({ length: span.end - span.start }, (_, step) => span.start + step))),
    );
    expect([...days].sort((a, b) => a - b)).toEqual(Array.from({ length: 258 }, (_, day) => day));
    const scaled = scaler.transform(parts.train);
    const [first] = training;
    expect(first?.x.shape).toEqual([LANES, CHUNK, 1]);
    expect(first?.x.at(0, 4, 0)).toBe(scaled.at(4, 0));
    expect(first?.y?.at(0, 4, 0)).toBe(scaled.at(5, 0));
    expect(validation.lanes).toBe(1);
  });
});
