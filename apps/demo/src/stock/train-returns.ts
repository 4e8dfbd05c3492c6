import { useBackend } from '@cellstate/backends';
import { backtest, forecast } from '@cellstate/forecasting';
import { adam, createTrainer, earlyStopping } from '@cellstate/trainers';
import { series } from '@cellstate/windowing';
import { type PlainWeight, plainWeights } from '../parallel/plain-weights.ts';
import type { JobContext } from '../parallel/report.ts';
import { backedUp } from '../resume/backed-up.ts';
import { HORIZON, prepareReturns, returnForecaster } from './return-forecaster.ts';

const LEARNING_RATE = 0.003;
const PATIENCE = 6;

export interface ReturnsJob {
  /** A row for each day with a close for each stock. */
  readonly closes: readonly (readonly number[])[];
  readonly names: readonly string[];
  readonly seed: number;
  /** The most; training stops when the validation part has not improved for some. */
  readonly epochs: number;
}

export interface ReturnsRun {
  readonly losses: readonly number[];
  /** What was kept, in Keras' order. */
  readonly weights: readonly PlainWeight[];
  readonly validationLosses: readonly number[];
  /** The epoch whose weights were kept, from 1. */
  readonly bestEpoch: number;
  /** RMSE in points over all test days, one day ahead: for each stock. */
  readonly nextDay: readonly number[];
  /** RMSE in points from every origin that sees the whole horizon: a row for each day ahead, a column for each stock. */
  readonly ahead: readonly (readonly number[])[];
  /** The forecast from the last origin whose days are known, a row for each day. */
  readonly lastKnown: readonly (readonly number[])[];
  /** The forecast beyond the data. */
  readonly future: readonly (readonly number[])[];
}

/** Trains on returns in lanes, keeps the epoch that is best on the validation part, and tests from rolling origins. */
export async function trainReturns({ closes, names, seed, epochs }: ReturnsJob, { report, backup }: JobContext): Promise<ReturnsRun> {
  await useBackend('cpu');
  const known = series(closes, { names });
  const { start, scaler, training, validation } = prepareReturns(known);
  const model = returnForecaster({ features: known.features, seed });
  const trainer = createTrainer(model, { loss: 'meanSquaredError', optimizer: adam({ learningRate: LEARNING_RATE }), seed });
  const stopping = earlyStopping({ patience: PATIENCE, restoreBestWeights: true });
  try {
    const { history } = await trainer.fit(training, {
      epochs,
      validationData: validation,
      verbose: 0,
      callbacks: [stopping, { onEpochEnd: (epoch) => report((0.6 * (epoch + 1)) / epochs) }, ...backedUp(backup)],
    });
    report(0.6);
    const nextDay = await backtest(model, known, { start, horizon: 1, scaler });
    report(0.8);
    const ahead = await backtest(model, known, { start, horizon: HORIZON, scaler });
    const future = await forecast(model, known, { steps: HORIZON, scaler });
    report(1);
    return {
      losses: history.loss as number[],
      weights: plainWeights(model),
      validationLosses: history.val_loss as number[],
      bestEpoch: (stopping.bestEpoch as number) + 1,
      nextDay: nextDay.scores().forecast.perFeature,
      ahead: ahead.scores().forecast.perStepAndFeature,
      lastKnown: (ahead.at(-1).forecast.toNested() as number[][][])[0] as number[][],
      future: (future.toNested() as number[][][])[0] as number[][],
    };
  } finally {
    trainer.dispose();
    model.dispose();
  }
}
