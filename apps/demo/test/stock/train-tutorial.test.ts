import { memory } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { spreadOf } from '../../src/stock/spread.ts';
import { type TutorialRun, trainTutorial } from '../../src/stock/train-tutorial.ts';
import { WAYS, type WayName } from '../../src/stock/way.ts';

const CLOSES = Array.from({ length: 40 }, (_, day) => [100 + 10 * Math.sin(day / 3) + day, 300 - 2 * day + 8 * Math.cos(day / 2)]);
const FIRST = CLOSES.map(([close]) => [close as number]);
const train = (way: WayName, { closes = FIRST, seed = 3 } = {}): Promise<TutorialRun> =>
  trainTutorial({ closes, way, seed, epochs: 2 }, { report: () => {}, backup: undefined });

describe('trainTutorial', () => {
  it('gives another loss for every way', async () => {
    const losses: string[] = [];
    for (const way of Object.keys(WAYS) as WayName[]) losses.push((await train(way)).losses.at(-1)?.toPrecision(9) ?? '');
    expect(new Set(losses).size).toBe(losses.length);
  });

  it('differs between reset and never reset from the second epoch on', async () => {
    const [reset, never] = [await train('reset'), await train('neverReset')];
    expect(never.losses[0]).toBe(reset.losses[0]);
    expect(never.losses[1]).not.toBe(reset.losses[1]);
  });

  it('repeats itself bit by bit, and not with another seed', async () => {
    const first = await train('shuffled');
    expect(await train('shuffled')).toEqual(first);
    expect((await train('shuffled', { seed: 4 })).losses).not.toEqual(first.losses);
  });

  it('measures each stock in its own unit, on the days behind the last third’s windows', async () => {
    const shares: number[] = [];
    const run = await trainTutorial(
      { closes: CLOSES, way: 'inOrder', seed: 3, epochs: 2 },
      { report: (share) => shares.push(share), backup: undefined },
    );
    const truth = CLOSES.slice(29);
    expect(run.testForecast).toHaveLength(truth.length);
    const byHand = [0, 1].map((stock) =>
      Math.sqrt(
        truth.reduce((sum, row, day) => sum + ((row[stock] as number) - (run.testForecast[day]?.[stock] as number)) ** 2, 0) / truth.length,
      ),
    );
    expect(run.testError[0]).toBeCloseTo(byHand[0] as number, 3);
    expect(run.testError[1]).toBeCloseTo(byHand[1] as number, 3);
    expect(shares).toEqual([0.5, 1]);
  });

  it('leaves no tensors', async () => {
    await train('reset');
    const before = memory().numTensors;
    await train('reset');
    expect(memory().numTensors).toBe(before);
  });
});

describe('spreadOf', () => {
  it('is the mean and the standard deviation of the sample', () => {
    expect(spreadOf([2, 4, 4, 6])).toEqual({ mean: 4, sd: Math.sqrt(8 / 3) });
    expect(spreadOf([5])).toEqual({ mean: 5, sd: 0 });
  });
});
