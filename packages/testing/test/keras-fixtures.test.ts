import { describe, expect, test } from 'vitest';
import { describedArray, drawn, drawnWeights, kerasFixtures } from '../src/index.ts';

const { seed } = kerasFixtures();

describe('drawn', () => {
  test('are the values Python draws', () => {
    expect(Array.from(drawn({ seed: 20261123, key: 'lstm/weight 0', shape: [2, 2] }))).toEqual([
      -0.1430835723876953, -0.8240985870361328, -0.5644264221191406, 0.6120719909667969,
    ]);
  });

  test('differ by seed and key, lie in [-1, 1), and float32 holds them', () => {
    const values = drawn({ seed, key: 'a', shape: [40, 50] });
    expect(values.every((value) => value >= -1 && value < 1 && Number.isInteger(value * 2 ** 19))).toBe(true);
    expect(new Set(values).size).toBeGreaterThan(1990);
    expect(drawn({ seed, key: 'b', shape: [3] })).not.toEqual(drawn({ seed, key: 'a', shape: [3] }));
    expect(drawn({ seed: seed + 1, key: 'a', shape: [3] })).not.toEqual(drawn({ seed, key: 'a', shape: [3] }));
  });
});

describe('describedArray', () => {
  const key = { seed, key: 'k' };

  test('gives the values of a description, or draws them', () => {
    expect(describedArray({ dtype: 'int32', values: [[1, 2, 3]] }, key)).toEqual({ data: Int32Array.of(1, 2, 3), shape: [1, 3] });
    expect(describedArray({ dtype: 'bool', values: [1, 0] }, key).data).toEqual(Uint8Array.of(1, 0));
    expect(describedArray({ shape: [2, 2] }, key).data).toEqual(drawn({ ...key, shape: [2, 2] }));
  });

  test('changes them as it says', () => {
    const { data } = describedArray({ shape: [2, 3], map: 'probability' }, key);
    expect(data[0] + data[1] + data[2]).toBeCloseTo(1, 6);
    expect(describedArray({ shape: [50], map: 'positive' }, key).data.every((value) => value >= 0.25)).toBe(true);
    const padded = describedArray({ shape: [1, 2, 2], steps: [[1, 0]], elsewhere: -1 }, key).data;
    expect(Array.from(padded.slice(2))).toEqual([-1, -1]);
    expect(padded[0]).toBe(drawn({ ...key, shape: [1] })[0]);
  });
});

test('variances are positive', () => {
  const parameter = (path: string) => ({ path, variable: { shape: [30] } });
  const [plain, variance] = drawnWeights([parameter('layer/gamma'), parameter('layer/moving_variance')], { seed, name: 'n' });
  expect(plain.data.some((value) => value < 0)).toBe(true);
  expect(variance.data.every((value) => value >= 0.5)).toBe(true);
});

test('the fixture says what it is made with, and is small', () => {
  const { keras, layers, training, callbacks } = kerasFixtures();
  expect(keras).toMatch(/^3\.\d+\.\d+$/);
  expect(new Set([...layers, ...training].map(({ name }) => name)).size).toBe(layers.length + training.length);
  expect(callbacks.length).toBeGreaterThan(0);
});
