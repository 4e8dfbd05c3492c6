import { dense, lstm, type Model, sequential } from '@cellstate/layers';
import {
  chain,
  type FittedScaler,
  type Lanes,
  lanes,
  logReturns,
  type Series,
  type SeriesSplit,
  splitSeries,
  standardScaler,
} from '@cellstate/windowing';

/** Rows of a training batch: the training days are cut into so many sections that run side by side. */
export const LANES = 4;
/** Days of a batch: the state goes on from one to the next, the gradient stays within one. */
export const CHUNK = 20;
/** How far ahead the long forecast looks: four weeks of trading. */
export const HORIZON = 20;
export const RETURN_UNITS = 8;
const SHARES = { train: 0.65, validation: 0.15 };

/** Closes ready for the sound way: parts in order of time, and returns scaled by what the first part tells. */
export interface PreparedReturns {
  readonly parts: SeriesSplit<Series>;
  /** Days known at the first test origin. */
  readonly start: number;
  readonly scaler: FittedScaler;
  readonly training: Lanes;
  readonly validation: Lanes;
}

/** Log returns in units of their training spread, in lanes that hold each day once. */
export function prepareReturns(closes: Series): PreparedReturns {
  const parts = splitSeries(closes, SHARES);
  const scaler = chain([logReturns(), standardScaler()]).fit(parts.train);
  const validation = scaler.transform(parts.validation, { after: parts.train });
  return {
    parts,
    start: parts.test.part?.start as number,
    scaler,
    training: lanes(scaler.transform(parts.train), { lanes: LANES, steps: CHUNK, targets: 'next' }),
    validation: lanes(validation, { lanes: 1, steps: CHUNK, targets: 'next' }),
  };
}

/**
 * Tells at every day the returns of the next one, of all stocks. The dense layer starts from zeros, so that the untrained model
 * forecasts the mean return and learns only what improves on it.
 */
export function returnForecaster({ features, seed }: { features: number; seed: number }): Model {
  return sequential(
    [
      lstm({ units: RETURN_UNITS, inputShape: [null, features], returnSequences: true, stateful: true }),
      dense({ units: features, kernelInitializer: 'zeros' }),
    ],
    { seed },
  );
}
