import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createArena } from '../../../src/cpu/simd/arena.ts';

describe('an arena', () => {
  test('hands out aligned blocks that never overlap, whatever the order they come back in', () => {
    const action = fc.oneof(fc.integer({ min: 1, max: 5000 }), fc.constant('free' as const));
    fc.assert(
      fc.property(fc.array(fc.tuple(action, fc.nat())), (actions) => {
        const arena = createArena();
        const held: { start: number; end: number; size: number }[] = [];
        for (const [what, which] of actions) {
          if (what === 'free') {
            const [block] = held.splice(which % Math.max(1, held.length), 1);
            if (block !== undefined) arena.free(block.start);
            continue;
          }
          const start = arena.allocate(what);
          expect(start % 64).toBe(0);
          expect(start).toBeGreaterThanOrEqual(1024);
          expect(start + what).toBeLessThanOrEqual(arena.memory.buffer.byteLength - 1024);
          for (const other of held) expect(start >= other.end || start + what <= other.start).toBe(true);
          held.push({ start, end: start + what, size: Math.ceil(what / 64) * 64 });
          expect(arena.used).toBe(held.reduce((sum, { size }) => sum + size, 0));
        }
        for (const { start } of held) arena.free(start);
        expect(arena.used).toBe(0);
        const whole = arena.memory.buffer.byteLength - 2048;
        expect(arena.allocate(whole)).toBe(1024);
        expect(arena.memory.buffer.byteLength).toBe(whole + 2048);
      }),
      { numRuns: 200 },
    );
  });

  test('takes the smallest gap that fits', () => {
    const arena = createArena();
    const [large, , small] = [arena.allocate(1000), arena.allocate(64), arena.allocate(128), arena.allocate(64)] as const;
    arena.free(large);
    arena.free(small);
    expect(arena.allocate(100)).toBe(small);
    expect(arena.allocate(100)).toBe(large);
  });

  test('grows by what is missing, keeps what it holds, and renews its views', () => {
    const arena = createArena();
    const first = arena.allocate(64);
    arena.floats[first >> 2] = 3;
    const before = arena.memory.buffer.byteLength;
    const second = arena.allocate(2 ** 21);
    expect(arena.memory.buffer.byteLength).toBeGreaterThan(before);
    expect(arena.memory.buffer.byteLength).toBeLessThan(2 ** 21 + 2 ** 17 + 2048);
    expect(arena.floats[first >> 2]).toBe(3);
    expect(arena.floats.length).toBe(arena.memory.buffer.byteLength / 4);
    expect(arena.bytes.length).toBe(arena.memory.buffer.byteLength);
    arena.free(second);
    arena.allocate(2 ** 21);
    expect(arena.memory.buffer.byteLength).toBeLessThan(2 ** 21 + 2 ** 17 + 2048);
  });
});
