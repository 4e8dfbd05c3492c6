import { ndarray, random } from '@cellstate/core';
import { splitSeries } from '@cellstate/windowing';
import { describe, expect, test } from 'vitest';
import { type AnomalyOptions, anomalyDetector } from '../src/index.ts';
import { codeOf, messageOf } from './catch-code.ts';

/** N series whose prediction errors are normal noise of sd 1 and, in feature 2, of sd 1000; `leak` adds to series 1 from item 30 on. */
function readings(seed: number, { series = 4, items = 60, leak = 0 } = {}) {
  const draw = random(seed);
  const actual = Array.from({ length: series }, (_, n) =>
    Array.from({ length: items }, (_, t) => {
      const lost = n === 1 && t >= 30 ? leak * (t - 30) : 0;
      return [draw.normal() - lost, 1000 * draw.normal()];
    }),
  );
  return { actual: ndarray(actual), predicted: ndarray(new Float32Array(series * items * 2), [series, items, 2]) };
}

describe('anomalyDetector', () => {
  test('scores are mean absolute errors in units of the normal ones, feature by feature', () => {
    const detector = anomalyDetector({ quantile: 1 }).fit(
      [
        [1, 10],
        [3, 30],
      ],
      [
        [0, 0],
        [0, 0],
      ],
    );
    expect(detector.scale).toEqual([2, 20]);
    expect(detector.threshold).toBe(1.5);
    expect(detector.items).toBe(2);
    const { scores, alarms, ranking } = detector.score(
      [
        [
          [1, 0],
          [4, 40],
        ],
        [
          [8, 80],
          [0, 20],
        ],
      ],
      [
        [
          [0, 0],
          [0, 0],
        ],
        [
          [0, 0],
          [0, 0],
        ],
      ],
    );
    expect(scores.toNested()).toEqual([
      [0.25, 2],
      [4, 0.5],
    ]);
    expect(alarms.toNested()).toEqual([
      [0, 1],
      [1, 0],
    ]);
    expect(ranking).toEqual([
      { series: 1, score: 2.25, alarms: 1, firstAlarm: 0 },
      { series: 0, score: 1.125, alarms: 1, firstAlarm: 1 },
    ]);
  });

  test('windows are items: [N, windows, steps, features]', () => {
    const errors = ndarray([
      [
        [[1], [3]],
        [[5], [7]],
      ],
      [
        [[2], [2]],
        [[4], [8]],
      ],
    ]);
    const zeros = ndarray(new Float32Array(8), [2, 2, 2, 1]);
    const detector = anomalyDetector({ quantile: 1 }).fit(errors, zeros);
    expect(detector.scale).toEqual([4]);
    expect(detector.threshold).toBe(1.5);
    expect(detector.score(errors, zeros).scores.toNested()).toEqual([
      [0.5, 1.5],
      [0.5, 1.5],
    ]);
  });

  test('the quantile is that of NumPy, the margin multiplies it, and false alarms are counted', () => {
    const values = Array.from({ length: 101 }, (_, i) => i);
    const zeros = new Float32Array(101);
    const fitted = (options: AnomalyOptions) => anomalyDetector(options).fit(values, zeros);
    expect(fitted({ quantile: 0.9 }).threshold).toBeCloseTo(90 / 50, 9);
    expect(fitted({ quantile: 0.905 }).threshold).toBeCloseTo(90.5 / 50, 9);
    expect(fitted({ quantile: 0.9, margin: 2 }).threshold).toBeCloseTo(180 / 50, 9);
    expect(fitted({ quantile: 0.9 }).falseAlarmRate).toBeCloseTo(10 / 101, 9);
    expect(fitted({ quantile: 1 }).falseAlarmRate).toBe(0);
  });

  test('consecutive: a spike does not alarm, a run does, at its last item and on', () => {
    const calm = [1, 1, 1, 1, 1, 1];
    const detector = anomalyDetector({ quantile: 1, margin: 1.5, consecutive: 3 }).fit(calm, new Float32Array(6));
    const alarms = (values: number[]) => [...detector.score(values, new Float32Array(values.length)).alarms.data];
    expect(alarms([9, 1, 9, 9, 1, 9])).toEqual([0, 0, 0, 0, 0, 0]);
    expect(alarms([1, 9, 9, 9, 9, 1])).toEqual([0, 0, 0, 1, 1, 0]);
    expect(detector.toJSON()).toEqual({ threshold: 1.5, scale: [1], consecutive: 3 });
  });

  test('a slow leak is ranked first, without an alarm elsewhere and without one in the control', () => {
    let found = 0;
    let calm = 0;
    for (let seed = 0; seed < 20; seed++) {
      const held = readings(1000 + seed, { items: 200 });
      const detector = anomalyDetector({ quantile: 1, margin: 1.25, consecutive: 3 }).fit(held.actual, held.predicted);
      const leaking = readings(seed, { leak: 0.5 });
      const { ranking } = detector.score(leaking.actual, leaking.predicted);
      if (ranking[0].series === 1 && ranking[0].alarms > 0 && ranking.slice(1).every(({ alarms }) => alarms === 0)) found++;
      const control = readings(seed);
      if (detector.score(control.actual, control.predicted).ranking.every(({ firstAlarm }) => firstAlarm === null)) calm++;
    }
    expect(found).toBeGreaterThanOrEqual(18);
    expect(calm).toBeGreaterThanOrEqual(18);
  });

  test('a feature without normal error counts as it is', () => {
    const detector = anomalyDetector({ quantile: 1 }).fit(
      [
        [1, 5],
        [3, 5],
      ],
      [
        [0, 5],
        [0, 5],
      ],
    );
    expect(detector.scale).toEqual([2, 1]);
    expect(detector.score([[2, 8]], [[0, 5]]).scores.toNested()).toEqual([[2]]);
  });

  test('refuses a threshold on what was trained on or is to be judged', async () => {
    const { train, validation, test: last } = splitSeries(Array.from({ length: 20 }, (_, t) => t));
    const detector = anomalyDetector();
    expect(await messageOf(() => detector.fit(train, train))).toMatchInlineSnapshot(`
      "A threshold must not be fitted on the train part. [THRESHOLD_NOT_HELD_OUT]
        expected: normal data held out for it: the validation part
        received: the train part
        where: anomalyDetector.fit
        hint: Errors on what the model was trained on are too small."
    `);
    expect(await messageOf(() => detector.fit(last, last))).toContain('proves nothing');
    expect(detector.fit(validation, validation).threshold).toBe(0);
  });

  test.each([
    ['INVALID_OPTION', () => anomalyDetector({ quantile: 0 })],
    ['INVALID_OPTION', () => anomalyDetector({ quantile: 1.1 })],
    ['INVALID_OPTION', () => anomalyDetector({ margin: 0 })],
    ['INVALID_OPTION', () => anomalyDetector({ consecutive: 0 })],
    ['UNKNOWN_OPTION', () => anomalyDetector({ threshold: 1 } as AnomalyOptions)],
    ['HISTORY_TOO_SHORT', () => anomalyDetector({ consecutive: 4 }).fit([1, 2, 3], [1, 2, 4])],
    ['SHAPE_MISMATCH', () => anomalyDetector().fit([1, 2], [1])],
    [
      'SHAPE_MISMATCH',
      () =>
        anomalyDetector()
          .fit([1, 2], [1, 3])
          .score([[1, 2]], [[1, 2]]),
    ],
    ['NOT_A_NUMBER', () => anomalyDetector().fit([1, Number.NaN], [1, 3])],
  ])('throws %s', async (code, call) => {
    expect(await codeOf(call)).toBe(code);
  });
});
