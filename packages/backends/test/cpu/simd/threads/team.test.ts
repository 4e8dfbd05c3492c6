import { describe, expect, test } from 'vitest';
import { CONTROL_BYTES } from '../../../../src/cpu/simd/threads/take-blocks.ts';
import { type Team, together } from '../../../../src/cpu/simd/threads/team.ts';

type Call = readonly [at: number, first: number, end: number];

/** A team whose other threads never come: the calling one does everything. */
function deserted(run: (...call: Call) => void): Team<'run'> {
  return together({
    threads: 3,
    leastWork: 100,
    aside: false,
    control: new Int32Array(new SharedArrayBuffer(CONTROL_BYTES)),
    functions: { run },
    names: ['run'],
    maySleep: true,
  });
}

describe('a team', () => {
  test('cuts items into blocks as even as can be, each with a place of its own', () => {
    const calls: Call[] = [];
    deserted((...call) => calls.push(call)).share({ run: 'run', at: 1000, stride: 16, items: 8, work: 100 });
    expect(calls).toEqual([
      [1000, 0, 2],
      [1016, 2, 5],
      [1032, 5, 8],
    ]);
  });

  test.each([
    [8, 99, [[7, 0, 8]]],
    [1, 100, [[7, 0, 1]]],
    [
      2,
      100,
      [
        [7, 0, 1],
        [7, 1, 2],
      ],
    ],
  ])('%i items of %i multiplications', (items, work, expected) => {
    const calls: Call[] = [];
    deserted((...call) => calls.push(call)).share({ run: 'run', at: 7, items, work });
    expect(calls).toEqual(expected);
  });

  test('tells that a block failed when all are done, and goes on', () => {
    let calls = 0;
    const team = deserted((_, first) => {
      calls += 1;
      if (first === 0) throw new RangeError('out of bounds');
    });
    expect(() => team.share({ run: 'run', at: 0, items: 3, work: 100 })).toThrow('could not finish its part');
    expect(calls).toBe(3);
    expect(() => team.share({ run: 'run', at: 0, items: 3, work: 100 })).toThrow('out of bounds');
    expect(calls).toBe(6);
  });
});
