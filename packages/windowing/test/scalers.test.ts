import { concat, ndarray } from '@cellstate/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  chain,
  differences,
  type FittedScaler,
  logReturns,
  minMaxScaler,
  perFeature,
  type Scaler,
  type ScalerJson,
  scalerFromJson,
  series,
  splitSeries,
  standardScaler,
} from '../src/index.ts';
import { asyncRows, codeOf, collect, messageOf } from './async-rows.ts';

const scalers: Record<string, () => Scaler> = {
  standard: () => standardScaler(),
  'min-max': () => minMaxScaler({ range: [-1, 2] }),
  differences: () => differences(),
  'differences over 3': () => differences({ lag: 3 }),
  'log returns': () => logReturns(),
  'log returns over 2': () => logReturns({ lag: 2 }),
  'standardised log returns': () => chain([logReturns(), standardScaler()]),
  'seasonal differences of differences, to a range': () => chain([differences(), differences({ lag: 2 }), minMaxScaler()]),
  'standardised, then to a range': () => chain([standardScaler(), minMaxScaler()]),
  'one a feature': () => perFeature({ 'feature 1': logReturns({ lag: 2 }), 'feature 2': chain([differences(), standardScaler()]) }),
};

const rows = fc.array(fc.array(fc.double({ min: 0.5, max: 200, noNaN: true }), { minLength: 3, maxLength: 3 }), {
  minLength: 5,
  maxLength: 40,
});

function expectNear(received: ArrayLike<number>, expected: ArrayLike<number>, relative: number): void {
  expect(received.length).toBe(expected.length);
  const scale = Math.max(1, ...Array.from(expected, Math.abs));
  for (let i = 0; i < expected.length; i++) expect(Math.abs(received[i] - expected[i]), `value ${i}`).toBeLessThanOrEqual(relative * scale);
}

describe.each(Object.entries(scalers))('%s', (_, make) => {
  test('inverse(transform(x)) is x', () => {
    fc.assert(
      fc.property(rows, (values) => {
        const s = series(values);
        const scaler = make().fit(s);
        const scaled = scaler.transform(s);
        expect(scaled.steps).toBe(s.steps - scaler.context);
        const back = scaler.inverse(scaled);
        expect(back.shape).toEqual(s.shape);
        expectNear(back.values, s.values, 1e-5);
      }),
      { numRuns: 40 },
    );
  });

  test('goes on where a history ends: transform and inverse after it are those of the whole', () => {
    fc.assert(
      fc.property(rows, (values) => {
        const s = series(values);
        const scaler = make().fit(s);
        const cut = Math.max(scaler.context, 3);
        fc.pre(s.steps > cut);
        const later = s.rows(cut);
        const continued = scaler.transform(later, { after: s.rows(0, cut) });
        expect(continued.shape).toEqual(later.shape);
        const whole = scaler.transform(s);
        expectNear(continued.values, whole.values.subarray((cut - scaler.context) * 3), 1e-4);
        expectNear(scaler.inverse(continued, { after: s.rows(0, cut) }).values, later.values, 1e-5);
      }),
      { numRuns: 40 },
    );
  });

  test('arrays [N, steps, features], lists, async rows, JSON and select give the same numbers', async () => {
    const values = Array.from({ length: 12 }, (_, t) => [10 + t + Math.sin(t), 50 - 3 * Math.cos(t), 5 + (t % 4)]);
    const s = series(values);
    const scaler = make().fit(s);
    const scaled = scaler.transform(s);
    const two = concat([s.reshape([1, 12, 3]), s.reshape([1, 12, 3])]);
    const array = scaler.transform(two);
    expect(array.shape).toEqual([2, 12 - scaler.context, 3]);
    expect(Array.from(array.data)).toEqual([...scaled.values, ...scaled.values]);
    expectNear(
      scaler.inverse(array, { after: two.slice([null, [0, scaler.context]]) }).data,
      two.slice([null, [scaler.context]]).data,
      1e-5,
    );
    expect(scaler.transform([s, s]).map((item) => Array.from(item.values))).toEqual([Array.from(scaled.values), Array.from(scaled.values)]);
    const streamed = await collect(scaler.transform(asyncRows(values).open));
    expect(streamed.flatMap((row) => Array.from(row))).toEqual(Array.from(scaled.values));
    const later = await collect(scaler.transform(asyncRows(values.slice(4)).open, { after: s.rows(0, 4) }));
    expectNear(
      later.flatMap((row) => Array.from(row)),
      scaled.values.subarray((4 - scaler.context) * 3),
      1e-5,
    );
    const restored = scalerFromJson(JSON.parse(JSON.stringify(scaler)) as ScalerJson);
    expectNear(restored.transform(s).values, scaled.values, 1e-7);
    expect(restored.fittedOn).toEqual({ steps: 12 });
    const second = scaler.select(['feature 2']);
    const alone = second.transform(s.select([1]));
    expectNear(
      alone.values.slice(-3),
      Array.from({ length: 3 }, (_, i) => scaled.at(i - 3, 1)),
      1e-5,
    );
    const streamedFit = await make().fit(asyncRows(values).open);
    expectNear(streamedFit.transform(s).values, scaled.values, 1e-6);
  });
});

describe('standardScaler', () => {
  test('takes mean and standard deviation of each feature, over all series of a list', () => {
    const scaler = standardScaler().fit([
      series([
        [1, 7],
        [2, 7],
      ]),
      series([[6, 7]]),
    ]);
    // mean 3, variance (4 + 1 + 9) / 3
    const sd = Math.sqrt(14 / 3);
    expectNear(
      scaler.transform([
        [1, 7],
        [6, 9],
      ]).values,
      [-2 / sd, 0, 3 / sd, 2],
      1e-6,
    );
    expect(scaler.fittedOn).toEqual({ steps: 3 });
  });

  test('loses nothing to a large mean', () => {
    const values = Array.from({ length: 1000 }, (_, i) => 16_000_000 + (i % 2));
    const [a, b] = standardScaler().fit(values).transform([16_000_000, 16_000_001]).values;
    expectNear([a, b], [-1, 1], 1e-4);
  });
});

describe('minMaxScaler', () => {
  test('maps fitted extremes to the range, others beyond it, a constant to its lower end', () => {
    const scaler = minMaxScaler({ range: [-1, 1] }).fit([
      [10, 4],
      [20, 4],
    ]);
    expect(
      scaler
        .transform([
          [10, 4],
          [20, 5],
          [30, 3],
        ])
        .toNested(),
    ).toEqual([
      [-1, -1],
      [1, 0],
      [3, -2],
    ]);
  });
});

describe('differences and logReturns', () => {
  test('are exact over long series: rounding does not add up', () => {
    let level = 1000;
    const values = Float32Array.from({ length: 20_000 }, (_, t) => (level += Math.sin(t * t) + 0.01));
    const s = series(values);
    for (const make of [differences, logReturns]) {
      const scaler = make().fit(s);
      expect(Array.from(scaler.inverse(scaler.transform(s)).values)).toEqual(Array.from(values));
    }
  });

  test('log returns are logarithms of ratios', () => {
    const scaler = logReturns({ lag: 2 }).fit([1, 2, 3, 4]);
    expectNear(scaler.transform([1, 2, 3, 4]).values, [Math.log(3), Math.log(2)], 1e-7);
    expect(messageOf(() => logReturns().fit([3, 0]))).toMatchInlineSnapshot(`
      "Log returns exist for positive values only. [NOT_POSITIVE]
        expected: values above 0
        received: 0
        where: logReturns.fit, step 1, feature 1
        hint: For values around zero use differences()."
    `);
  });
});

describe('perFeature', () => {
  test('scales features by name, leaves the others, and keeps rows aligned', () => {
    const s = series({ p: [1, 3, 6], t: [20, 40, 60], valve: [0, 1, 0] });
    const scaler = perFeature({ p: differences(), t: minMaxScaler() }).fit(s);
    expect(scaler.transform(s).toNested()).toEqual([
      [2, 0.5, 1],
      [3, 1, 0],
    ]);
    expect(scaler.inverse(ndarray([[1, 0, 1]]), { after: s }).toNested()).toEqual([[7, 20, 1]]);
    expect(scaler.context).toBe(1);
  });
});

describe('fitting', () => {
  const split = splitSeries(Array.from({ length: 20 }, (_, i) => i));

  test('is refused on what lies in the future', () => {
    expect(messageOf(() => standardScaler().fit(split.test))).toMatchInlineSnapshot(`
      "A scaler must not be fitted on the test part. [SCALER_SEES_FUTURE]
        expected: the training part
        received: the test part, rows 17 to 19
        where: standardScaler.fit
        hint: Fit on split.train, then transform every part with the fitted scaler."
    `);
    expect(messageOf(() => minMaxScaler().fit(split.validation.rows(0, 1)))).toContain('SCALER_SEES_FUTURE');
  });

  test('remembers the rows it saw', () => {
    expect(standardScaler().fit(split.train).fittedOn).toEqual({ steps: 14, start: 0, end: 14 });
    const changes = differences().fit(split.train).transform(split.train);
    expect(changes.part).toEqual({ name: 'train', start: 1, end: 14 });
    expect(changes.before?.toNested()).toEqual([[0]]);
    expect(differences().fit(split.train).inverse(changes).part).toEqual({ name: 'train', start: 0, end: 14 });
  });

  const fitted = (scaler: Scaler): FittedScaler => scaler.fit(series({ p: [1, 2, 4], t: [3, 5, 8] }));
  test.each([
    ['NO_STEPS', () => standardScaler().fit([])],
    ['NO_STEPS', () => standardScaler().fit(asyncRows([]).open)],
    ['NAMES_DIFFER', () => fitted(standardScaler()).transform(series({ t: [1], p: [2] }))],
    ['FEATURES_DIFFER', () => fitted(standardScaler()).transform([1, 2])],
    ['FEATURES_DIFFER', () => fitted(standardScaler()).transform(ndarray([1, 2, 3]))],
    ['FEATURES_DIFFER', () => collect(fitted(standardScaler()).transform(asyncRows([[1]]).open))],
    [
      'SERIES_TOO_SHORT',
      () =>
        fitted(differences({ lag: 2 })).transform([
          [1, 2],
          [3, 4],
        ]),
    ],
    ['CONTEXT_MISSING', () => fitted(differences()).inverse([[1, 2]])],
    ['CONTEXT_MISSING', () => fitted(differences({ lag: 2 })).inverse([[1, 2]], { after: [[1, 2]] })],
    ['CONTEXT_MISSING', () => fitted(differences()).inverse(ndarray([[[1, 2]], [[3, 4]]]), { after: [[1, 2]] })],
    ['CONTEXT_MISSING', () => collect(fitted(differences({ lag: 2 })).transform(asyncRows([[1, 2]]).open, { after: [[1, 2]] }))],
    ['UNKNOWN_FEATURE', () => fitted(standardScaler()).select(['level'])],
    ['UNKNOWN_FEATURE', () => fitted(perFeature({ level: standardScaler() }))],
    [
      'NOT_POSITIVE',
      () =>
        fitted(logReturns()).transform([
          [1, 1],
          [1, -1],
        ]),
    ],
    ['INVALID_OPTION', () => minMaxScaler({ range: [1, 1] })],
    ['INVALID_OPTION', () => differences({ lag: 0 })],
    ['INVALID_OPTION', () => logReturns({ lag: 0.5 })],
    ['INVALID_OPTION', () => chain([])],
    ['UNKNOWN_OPTION', () => standardScaler({ mean: false } as object)],
    ['UNKNOWN_OPTION', () => minMaxScaler({ featureRange: [0, 1] } as object)],
    ['UNKNOWN_OPTION', () => fitted(standardScaler()).transform([[1, 2]], { before: [[1, 2]] } as object)],
    ['INVALID_SCALER_JSON', () => scalerFromJson({} as ScalerJson)],
    ['INVALID_SCALER_JSON', () => scalerFromJson({ names: ['p'], columns: [{ kind: 'magic' } as never], fittedOn: { steps: 1 } })],
  ])('throws %s', async (code, call) => {
    expect(await codeOf(call)).toBe(code);
  });
});
