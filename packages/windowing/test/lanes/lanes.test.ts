import { ndarray } from '@cellstate/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LaneBatch, type LanesOptions, lanes, nextStep, series } from '../../src/index.ts';
import { codeOf, messageOf } from '../async-rows.ts';

/** Tank k at step t reads 100k + t in its first feature, its negative in the second. */
const tank = (k: number, steps: number) =>
  series(
    Array.from({ length: steps }, (_, t) => [100 * k + t, -(100 * k + t)]),
    { names: ['p', 't'] },
  );

const cases = fc.record({
  lengths: fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 1, maxLength: 9 }),
  lanes: fc.integer({ min: 1, max: 5 }),
  steps: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 })),
  sectionSteps: fc.option(fc.integer({ min: 1, max: 7 }), { nil: undefined }),
});

describe('lanes', () => {
  test('two batches of 2 and 3 steps hold the steps 1–2 and 3–5 of every tank', () => {
    const [first, second, ...rest] = lanes([tank(1, 5), tank(2, 5)], { lanes: 2, steps: [2, 3] });
    expect(rest).toEqual([]);
    expect(
      first.x
        .slice([null, null, [0, 1]])
        .reshape([2, 2])
        .toNested(),
    ).toEqual([
      [100, 101],
      [200, 201],
    ]);
    expect(
      second.x
        .slice([null, null, [1]])
        .reshape([2, 3])
        .toNested(),
    ).toEqual([
      [-102, -103, -104],
      [-202, -203, -204],
    ]);
    expect([Array.from(first.starts), Array.from(second.starts)]).toEqual([
      [1, 1],
      [0, 0],
    ]);
    expect([Array.from(first.lengths), Array.from(second.lengths)]).toEqual([
      [2, 2],
      [3, 3],
    ]);
    expect('y' in first).toBe(false);
  });

  test('every step of every sequence occurs once, in order, in one lane, behind its own beginning', () => {
    fc.assert(
      fc.property(cases, fc.boolean(), ({ lengths, sectionSteps, ...options }, next) => {
        const used = lengths.map((length) => (next ? Math.max(0, length - 1) : length));
        fc.pre(used.some((length) => length > 0));
        const sequences = lengths.map((length, k) => tank(k + 1, length));
        const batches = [
          ...lanes(sequences, {
            ...options,
            ...(next ? { targets: 'next' } : {}),
            ...(sectionSteps === undefined ? {} : { sectionSteps }),
          } as LanesOptions),
        ];
        const seen = used.map(() => [] as number[]);
        const pattern = Array.isArray(options.steps) ? options.steps : [options.steps];
        /** What each lane must continue with: [tank, step], or nothing once a section has ended. */
        const expected: (readonly [number, number] | undefined)[] = new Array(options.lanes).fill(undefined);
        for (const [b, batch] of batches.entries()) {
          const steps = pattern[b % pattern.length];
          expect(batch.x.shape).toEqual([options.lanes, steps, 2]);
          expect(batch.lengths.some((length) => length > 0)).toBe(true);
          for (let lane = 0; lane < options.lanes; lane++) {
            const length = batch.lengths[lane];
            const values = Array.from({ length: steps }, (_, t) => batch.x.at(lane, t, 0));
            expect(values.slice(length).every((value) => value === 0)).toBe(true);
            if (length === 0) {
              expect(batch.starts[lane]).toBe(0);
              expect(batch.spans[lane]).toBeNull();
              expected[lane] = undefined;
              continue;
            }
            const k = Math.floor(values[0] / 100) - 1;
            const from = values[0] % 100;
            expect(batch.spans[lane]).toEqual({ sequence: k, start: from, end: from + length, begins: batch.starts[lane] === 1 });
            if (batch.starts[lane] === 1) expect(from % (sectionSteps ?? 1000)).toBe(0);
            else expect(expected[lane]).toEqual([k, from]);
            for (let t = 0; t < length; t++) {
              expect(values[t]).toBe(100 * (k + 1) + from + t);
              expect(batch.x.at(lane, t, 1)).toBe(-values[t]);
              if (next) expect([batch.y?.at(lane, t, 0), batch.y?.at(lane, t, 1)]).toEqual([values[t] + 1, -values[t] - 1]);
              seen[k].push(from + t);
            }
            const end = from + length;
            const ended = end === used[k] || (sectionSteps !== undefined && end % sectionSteps === 0);
            expected[lane] = ended ? undefined : [k, end];
          }
        }
        const everyStep = used.map((length) => Array.from({ length }, (_, t) => t));
        expect(seen.map((steps) => steps.sort((a, b) => a - b))).toEqual(everyStep);
      }),
      { numRuns: 300 },
    );
  });

  test('no lane waits while a sequence is left', () => {
    fc.assert(
      fc.property(cases, ({ lengths, sectionSteps: _, ...options }) => {
        fc.pre(lengths.some((length) => length > 0));
        const batches = [
          ...lanes(
            lengths.map((length, k) => tank(k + 1, length)),
            options as LanesOptions,
          ),
        ];
        const begun = batches.map(({ starts }) => starts.reduce((sum, start) => sum + start, 0));
        const waiting = lengths.filter((length) => length > 0).length;
        let left = waiting;
        for (const [b, batch] of batches.entries()) {
          left -= begun[b];
          if (left > 0) expect(batch.lengths.every((length) => length > 0)).toBe(true);
        }
        expect(left).toBe(0);
      }),
    );
  });

  test('can be read again, is counted and planned without reading', () => {
    const all = lanes([tank(1, 5), tank(2, 2), tank(3, 7)], { lanes: 2, steps: [2, 3], targets: 'next' });
    const read = () => [...all].map(({ x, y, starts, lengths }) => [x.toNested(), y?.toNested(), Array.from(starts), Array.from(lengths)]);
    expect(read()).toEqual(read());
    expect(all.count).toBe(read().length);
    expect([...all.plan()].map(({ spans }) => spans)).toEqual([...all].map(({ spans }) => spans));
    expect(all.lanes).toBe(2);
    expect(all.steps).toEqual([2, 3]);
  });

  const values = ({ x, y }: LaneBatch) => [Array.from(x.data), Array.from(y?.data ?? [])];

  test('sequences come as lists, arrays, pairs, columns and one series', () => {
    const nested = [
      [[1], [2], [3]],
      [[4], [5], [6]],
    ];
    const expected = [...lanes(nested, { steps: 2, targets: 'next' })].map(values);
    expect(expected).toEqual([
      [
        [1, 2, 4, 5],
        [2, 3, 5, 6],
      ],
    ]);
    expect([...lanes(ndarray(nested), { steps: 2, targets: 'next' })].map(values)).toEqual(expected);
    expect(
      [
        ...lanes(
          [
            [1, 2, 3],
            [4, 5, 6],
          ],
          { steps: 2, targets: 'next' },
        ),
      ].map(values),
    ).toEqual(expected);
    expect([...lanes(nextStep(nested.map((rows) => series(rows))), { steps: 2 })].map(values)).toEqual(expected);
    expect([...lanes(nextStep(ndarray(nested)), { steps: 2 })].map(values)).toEqual(expected);
    expect([...lanes([{ x: [1, 2], y: [10, 20] }], { steps: 2 })].map(values)).toEqual([
      [
        [1, 2],
        [10, 20],
      ],
    ]);
    expect([...lanes({ x: series([1, 2]), y: series([3, 4]) }, { steps: 2 })].map(values)).toEqual([
      [
        [1, 2],
        [3, 4],
      ],
    ]);
    expect([...lanes({ p: [1, 2], t: [3, 4] }, { steps: 2 })].map(values)).toEqual([[[1, 3, 2, 4], []]]);
    expect([...lanes(ndarray([[1], [2]]), { steps: 1 })].map(values)).toEqual([
      [[1], []],
      [[2], []],
    ]);
  });

  test('one series in several lanes is cut into equal sections; nothing is lost between them', () => {
    const batches = [...lanes(series([0, 1, 2, 3, 4, 5, 6, 7]), { lanes: 3, steps: 2, targets: 'next' })];
    expect(batches.map(({ x }) => x.reshape([3, 2]).toNested())).toEqual([
      [
        [0, 1],
        [3, 4],
        [6, 0],
      ],
      [
        [2, 0],
        [5, 0],
        [0, 0],
      ],
    ]);
    expect(batches.map(({ y }) => y?.reshape([3, 2]).toNested())).toEqual([
      [
        [1, 2],
        [4, 5],
        [7, 0],
      ],
      [
        [3, 0],
        [6, 0],
        [0, 0],
      ],
    ]);
    expect(batches.map(({ lengths }) => Array.from(lengths))).toEqual([
      [2, 2, 1],
      [1, 1, 0],
    ]);
  });

  test('token ids stay integers without a feature axis', () => {
    const tokens = [ndarray(Int32Array.of(5, 6, 7)), ndarray(Int32Array.of(8, 9, 10))];
    const [batch] = lanes(tokens, { steps: 2, targets: 'next' });
    expect(batch.x.data).toBeInstanceOf(Int32Array);
    expect(batch.x.toNested()).toEqual([
      [5, 6],
      [8, 9],
    ]);
    expect(batch.y?.toNested()).toEqual([
      [6, 7],
      [9, 10],
    ]);
    const [raw] = lanes([Int32Array.of(1, 2)], { steps: 2 });
    expect(raw.x.shape).toEqual([1, 2]);
    const [wide] = lanes(
      ndarray(
        Float32Array.from({ length: 8 }, (_, i) => i),
        [1, 2, 2, 2],
      ),
      { steps: 2 },
    );
    expect(wide.x.shape).toEqual([1, 2, 2, 2]);
  });

  test('predicts the next step of chosen features', () => {
    const [batch] = lanes([tank(1, 3)], { steps: 2, targets: ['t'] });
    expect(batch.y?.toNested()).toEqual([[[-101], [-102]]]);
    const [numbered] = lanes(
      [
        [
          [1, 2],
          [3, 4],
        ],
      ],
      { steps: 1, targets: [1] },
    );
    expect(numbered.y?.toNested()).toEqual([[[4]]]);
  });

  test('explains itself', () => {
    const text = lanes([tank(1, 5), tank(2, 2), tank(3, 7), tank(4, 0)], { lanes: 2, steps: [2, 3] }).explain({ label: 'tank' });
    expect(text).toMatchInlineSnapshot(`
      "lanes: 4 tanks in 2 lanes, 4 batches of 2, 3 steps in turn

        batch  steps  lane 1        lane 2
            1      2  ▸tank 1: 1–2  ▸tank 2: 1–2
            2      3   tank 1: 3–5  ▸tank 3: 1–3
            3      2  –              tank 3: 4–5
            4      3  –              tank 3: 6–7 + 1

        ▸ a tank starts here, from a fresh state.
        Without ▸ a lane continues the batch before.
        + n: so many steps behind the last real one are filled with zeros.
        Steps count from 1.
        1 tank too short to hold a step is passed over."
    `);
    expect(lanes(series(new Float32Array(500)), { lanes: 9, steps: 4, targets: 'next' }).explain({ batches: 2 })).toMatchInlineSnapshot(`
      "lanes: 1 sequence in 9 lanes, 14 batches of 4 steps

        batch  steps  lane 1    lane 2      lane 3        lane 9
            1      4  ▸#1: 1–4  ▸#1: 57–60  ▸#1: 113–116  ▸#1: 449–452
            2      4   #1: 5–8   #1: 61–64   #1: 117–120   #1: 453–456
        (#1 is sequence 1)
        (lanes 4 to 8 are not shown)
        … 12 more batches

        ▸ a sequence, or a section of one, starts here, from a fresh state.
        Without ▸ a lane continues the batch before.
        Steps count from 1; the target of each step is the step after it."
    `);
    fc.assert(
      fc.property(cases, ({ lengths, sectionSteps, ...options }) => {
        fc.pre(lengths.some((length) => length > 0));
        const given = { ...options, ...(sectionSteps === undefined ? {} : { sectionSteps }) };
        for (const line of lanes(
          lengths.map((length) => tank(1, length)),
          given,
        )
          .explain()
          .split('\n')) {
          expect([...line].length, line).toBeLessThanOrEqual(80);
        }
      }),
    );
  });

  test('names the sequence that does not fit', () => {
    expect(messageOf(() => lanes([[[1, 2]], [[3]]], { steps: 1 }))).toMatchInlineSnapshot(`
      "All sequences must have the same features. [FEATURES_DIFFER]
        expected: [null, 2] of floats
        received: [null, 1] of floats
        where: lanes, sequence 1, x"
    `);
  });

  test.each([
    ['FEATURES_DIFFER', () => lanes([{ x: [1], y: [1] }, [1]] as never, { steps: 1 })],
    ['FEATURES_DIFFER', () => lanes([Int32Array.of(1), Float32Array.of(1)], { steps: 1 })],
    ['LENGTHS_DIFFER', () => lanes([{ x: [1, 2], y: [1] }], { steps: 1 })],
    ['CONTRADICTORY_OPTIONS', () => lanes([{ x: [1, 2], y: [1, 2] }], { steps: 1, targets: 'next' })],
    ['NO_STEPS', () => lanes([[1]], { steps: 1, targets: 'next' })],
    ['NO_STEPS', () => lanes([], { steps: 1 })],
    ['UNKNOWN_FEATURE', () => lanes([tank(1, 3)], { steps: 1, targets: ['level'] })],
    ['INVALID_OPTION', () => lanes([[1]], {} as LanesOptions)],
    ['INVALID_OPTION', () => lanes([[1]], { steps: 0 })],
    ['INVALID_OPTION', () => lanes([[1]], { steps: [] })],
    ['INVALID_OPTION', () => lanes([[1]], { steps: [2, 0] })],
    ['INVALID_OPTION', () => lanes([[1]], { steps: 1, lanes: 0 })],
    ['INVALID_OPTION', () => lanes([[1]], { steps: 1, sectionSteps: 0 })],
    ['INVALID_OPTION', () => lanes([[1]], { steps: 1, targets: 'last' as 'next' })],
    ['UNKNOWN_OPTION', () => lanes([[1]], { steps: 1, batchSize: 2 } as LanesOptions)],
    ['UNKNOWN_OPTION', () => lanes([[1]], { steps: 1 }).explain({ rows: 1 } as object)],
    ['NOT_A_NUMBER', () => lanes([[1, Number.NaN]], { steps: 1 })],
  ])('throws %s', async (code, call) => {
    expect(await codeOf(call)).toBe(code);
  });
});
