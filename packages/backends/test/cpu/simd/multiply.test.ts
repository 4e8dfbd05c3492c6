import { asymmetric, expectClose } from '@cellstate/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { simdEngine } from '../../../src/cpu/simd/simd-engine.ts';

interface Order {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

const GUARD = 7;

/** C = A · B by the kernel and in float64, with numbers around C that must stay. */
function check(rows: number, columns: number, depth: number, { transposeA, transposeB }: Order): void {
  const { arena, multiply } = simdEngine();
  const a = asymmetric([rows * depth], 0.1, 0.71);
  const b = asymmetric([depth * columns], 0.5, 0.43);
  const [atA, atB] = [arena.allocate(a.length * 4), arena.allocate(b.length * 4)];
  const whole = arena.allocate((rows * columns + 2 * GUARD) * 4);
  const room = arena.allocate(200 * 1024 + 128);
  arena.floats.set(a, atA >> 2);
  arena.floats.set(b, atB >> 2);
  arena.floats.fill(-5, whole >> 2, (whole >> 2) + rows * columns + 2 * GUARD);
  const [rowA, columnA] = transposeA ? [4, rows * 4] : [depth * 4, 4];
  const [rowB, columnB] = transposeB ? [4, depth * 4] : [columns * 4, 4];
  multiply(whole + GUARD * 4, columns * 4, atA, rowA, columnA, atB, rowB, columnB, rows, columns, depth, room);
  const received = arena.floats.slice(whole >> 2, (whole >> 2) + rows * columns + 2 * GUARD);
  for (const block of [atA, atB, whole, room]) arena.free(block);
  const expected = new Float64Array(received.length).fill(-5);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < depth; k++) {
        sum += (a[transposeA ? k * rows + i : i * depth + k] as number) * (b[transposeB ? j * depth + k : k * columns + j] as number);
      }
      expected[GUARD + i * columns + j] = sum;
    }
  }
  expectClose(received, expected, { absolute: 1e-6 + 1e-7 * depth, relative: 1e-6 });
}

const orders: Order[] = [false, true].flatMap((transposeA) => [false, true].map((transposeB) => ({ transposeA, transposeB })));

describe('the matrix product in vectors agrees with three loops in float64, and touches nothing outside C', () => {
  test('any sizes and orders', () => {
    const size = fc.integer({ min: 1, max: 33 });
    fc.assert(fc.property(size, size, size, fc.constantFrom(...orders), check), { numRuns: 400 });
  });

  test.each([
    [1, 1, 1],
    [1, 16, 300],
    [1, 21, 9],
    [4, 8, 256],
    [5, 9, 257],
    [192, 8, 513],
    [193, 17, 255],
    [390, 3, 30],
  ])('%i × %i, depth %i: at and beyond the edges of blocks', (rows, columns, depth) => {
    for (const order of orders) check(rows, columns, depth, order);
  });

  test('a number that is none stays in its row and column', () => {
    const { arena, multiply } = simdEngine();
    const [a, b, c, room] = [arena.allocate(64), arena.allocate(256), arena.allocate(256), arena.allocate(200 * 1024 + 128)] as const;
    arena.floats.fill(1, a >> 2, (a >> 2) + 9);
    arena.floats.fill(1, b >> 2, (b >> 2) + 15);
    arena.floats[(a >> 2) + 4] = Number.NaN;
    multiply(c, 20, a, 12, 4, b, 20, 4, 3, 5, 3, room);
    const rows = [0, 1, 2].map((i) => Array.from(arena.floats.slice((c >> 2) + 5 * i, (c >> 2) + 5 * i + 5)));
    for (const block of [a, b, c, room]) arena.free(block);
    expect(rows).toEqual([new Array(5).fill(3), new Array(5).fill(Number.NaN), new Array(5).fill(3)]);
  });
});
