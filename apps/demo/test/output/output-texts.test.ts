import { describe, expect, it } from 'vitest';
import { forecastCsv } from '../../src/output/forecast-csv.ts';
import { metricsJson } from '../../src/output/metrics-json.ts';

describe('forecastCsv', () => {
  it('writes a row a value and quotes what needs it', () => {
    const row = { time: '2024-03-01', horizon: 1, feature: 'close', forecast: 1.23456789, naive: -2 };
    expect(forecastCsv([{ ...row, series: 'A, "old"' }])).toBe(
      'series,time,horizon,feature,forecast,naive\n"A, ""old""",2024-03-01,1,close,1.234568,-2\n',
    );
  });
});

describe('metricsJson', () => {
  it('keeps the order of keys and six digits', () => {
    expect(JSON.parse(metricsJson({ b: 1 / 3, a: [1234567.891, 7], c: { d: true, e: null, f: 'x' } }))).toEqual({
      b: 0.333333,
      a: [1234570, 7],
      c: { d: true, e: null, f: 'x' },
    });
    expect(metricsJson({ b: 1, a: 2 })).toBe('{\n  "b": 1,\n  "a": 2\n}\n');
  });

  it('names a number that JSON cannot hold', () => {
    expect(() => metricsJson({ forecast: { skill: [0, Number.NaN] } })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: A metric is not a number. [METRIC_NOT_FINITE]
        expected: a finite number
        received: NaN
        where: forecast.skill[1]]
    `);
  });
});
