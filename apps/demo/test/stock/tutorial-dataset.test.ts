import { series } from '@cellstate/windowing';
import { describe, expect, it } from 'vitest';
import { firstTestDay, trainDays, tutorialDataset } from '../../src/stock/tutorial-dataset.ts';
import { arranged } from '../../src/stock/tutorial-model.ts';

describe('tutorialDataset', () => {
  // 12 days from 10 to 20: (close - 10) / 10; the first int(12 * 0.67) = 8 days train.
  const closes = [10, 12, 11, 13, 15, 14, 16, 18, 17, 19, 20, 12];
  const { trainX, trainY, testX, testY, scaler } = tutorialDataset(series(closes));
  const rounded = (array: { toNested(): unknown }) =>
    JSON.parse(JSON.stringify(array.toNested()), (_, value) => (typeof value === 'number' ? Math.round(value * 1e4) / 1e4 : value));

  it('cuts windows of three days and the day behind each, within each part', () => {
    expect(rounded(trainX)).toEqual([
      [[0], [0.2], [0.1]],
      [[0.2], [0.1], [0.3]],
      [[0.1], [0.3], [0.5]],
      [[0.3], [0.5], [0.4]],
      [[0.5], [0.4], [0.6]],
    ]);
    expect(rounded(trainY)).toEqual([[0.3], [0.5], [0.4], [0.6], [0.8]]);
    expect(rounded(testX)).toEqual([[[0.7], [0.9], [1]]]);
    expect(rounded(testY)).toEqual([[0.2]]);
  });

  it('scales by all days, as the tutorial does', () => {
    expect(rounded(scaler.inverse(testY))).toEqual([[12]]);
    expect(scaler.fittedOn.steps).toBe(12);
  });

  it('knows the first day of training and test part', () => {
    expect([trainDays(250), firstTestDay(250)]).toEqual([167, 170]);
  });

  it('arranges a window as steps, as features, or as its last day', () => {
    expect(arranged(trainX, { window: 'steps' })).toBe(trainX);
    expect(rounded(arranged(testX, { window: 'features' }))).toEqual([[[0.7, 0.9, 1]]]);
    expect(rounded(arranged(testX, { window: 'last day' }))).toEqual([[[1]]]);
  });
});
