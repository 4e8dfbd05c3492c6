import type { Series } from '@cellstate/windowing';
import { learningCurves } from '../charts/learning-curves.ts';
import { unrolledBoxes } from '../charts/unrolled-boxes.ts';
import { setPlainWeights } from '../parallel/plain-weights.ts';
import { CHUNK, HORIZON, LANES, type PreparedReturns, prepareReturns, RETURN_UNITS, returnForecaster } from './return-forecaster.ts';
import { splitDiagram } from './split-diagram.ts';
import { spreadOf, spreadText } from './spread.ts';
import { overlap } from './state-section.ts';
import { resultsOf, type StockSection } from './stock-story.ts';

const SHOWN_BATCHES = 3;

/** Returns instead of closes, three parts in order of time, lanes instead of windows. */
export const returnsSection: StockSection = ({ data, one, naive, returns, epochs }) => ({
  id: 'returns',
  title: 'The sound way: returns, three parts, lanes',
  async run(page) {
    const { closes } = data;
    const prepared = prepareReturns(closes);
    const { parts, training } = prepared;
    const runs = await resultsOf(returns, { page, label: 'returns' });
    const features = closes.features;
    const outside = { closes: shareOutside(parts.train, parts.test), returns: shareOutside(...scaledParts(prepared)) };
    const old = overlap(one.steps);
    const visits = visitsOfEachDay(prepared);
    const percent = (share: number) => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;

    page.pattern({
      keras: `LSTM(${RETURN_UNITS}, return_sequences=True, stateful=True)`,
      ours: `lstm({ units: ${RETURN_UNITS}, returnSequences: true, stateful: true })`,
      input: [LANES, CHUNK, features],
      output: [LANES, CHUNK, RETURN_UNITS],
    });
    page.table({
      columns: [{ title: '' }, { title: 'the tutorial' }, { title: 'here' }],
      rows: [
        ['learns from', `closes, ${one.steps} days`, `log returns, ${parts.train.steps} days`],
        ['scaler sees', 'all days', 'the training part'],
        [
          'a day enters',
          `up to ${Math.ceil((old.windows * 3) / old.closes)} times an epoch`,
          visits.least === visits.most
            ? `${visits.most === 1 ? 'once' : `${visits.most} times`} an epoch`
            : `${visits.least}–${visits.most} times an epoch`,
        ],
        [
          'stops',
          `after ${epochs.tutorial} epochs`,
          `by ${parts.validation.steps} validation days: after ${spreadText(spreadOf(runs.map(({ bestEpoch }) => bestEpoch)), 0)}`,
        ],
        ['tested on', `${naive.origins.length} days, one ahead`, `${parts.test.steps} days, 1 and ${HORIZON} ahead`],
        ['unseen levels', `${percent(outside.closes)} of test closes*`, `${percent(outside.returns)} of test returns`],
      ],
    });
    page.check({
      name: 'Each training day enters once',
      passed: visits.least === 1 && visits.most === 1,
      detail: `${visits.days} days in ${training.count} batches of ${LANES} × ${CHUNK}`,
    });
    page.note(
      `* Of the ${parts.test.steps} test days here, the share of closes of ${closes.names[0]} outside the range of the training days: a net trained on levels is asked about levels it never saw. A return is \`ln(close / close of the day before)\`, here in standard deviations of the training part: \`chain([logReturns(), standardScaler()]).fit(train)\`. \`inverse\` goes back to closes.`,
    );
    page.note(
      `The training part is cut into ${LANES} sections that run side by side, a lane each. A batch holds the next ${CHUNK} days of every lane; the state goes on from batch to batch, and now it has a point: what a lane has read is all its past, each day once. The dense layer starts from zeros, so the untrained model forecasts the mean return of the training days.`,
    );
    page.figure(
      splitDiagram({
        parts: [
          { name: 'training', days: parts.train.steps },
          { name: 'validation', days: parts.validation.steps },
          { name: 'test', days: parts.test.steps },
        ],
        batches: [...training.plan()].slice(0, SHOWN_BATCHES),
        caption: `The parts in order of time, and the first ${SHOWN_BATCHES} of ${training.count} stateful batches. Arrows: the state of each lane.`,
      }),
    );
    const model = returnForecaster({ features, seed: 0 });
    page.figure(
      unrolledBoxes(model, {
        steps: CHUNK,
        input: 'r',
        output: 'r̂',
        caption: `A batch of ${CHUNK} days: at every day the model tells the next day’s returns of all stocks.`,
      }),
    );
    const [first] = runs;
    if (first !== undefined) {
      setPlainWeights(model, first.weights);
      await page.model('returns', model);
    }
    model.dispose();
    page.figure(
      learningCurves(
        [
          { name: 'training', losses: first?.losses ?? [] },
          { name: 'validation', losses: first?.validationLosses ?? [] },
        ],
        'Mean squared error of the first seed, in squared training deviations: forecasting the mean gives about 1 on the training days. There is very little to learn in daily returns.',
      ),
    );
    page.metric('days', { train: parts.train.steps, validation: parts.validation.steps, test: parts.test.steps });
    page.metric('outside the training range', outside);
    page.metric(
      'best epochs',
      runs.map(({ bestEpoch }) => bestEpoch),
    );
    page.metric('losses', first?.losses ?? []);
    page.metric('validation losses', first?.validationLosses ?? []);
  },
});

function scaledParts({ parts, scaler }: PreparedReturns): readonly [Series, Series] {
  return [scaler.transform(parts.train), scaler.transform(parts.test, { after: parts.validation })];
}

/** The share of values of the first feature that lie below the least or above the greatest of `known`. */
function shareOutside(known: Series, later: Series): number {
  const column = (part: Series) => Array.from(part.select([0]).values);
  const [least, most] = [Math.min(...column(known)), Math.max(...column(known))];
  const values = column(later);
  return values.filter((value) => value < least || value > most).length / values.length;
}

/** How often each training step occurs in the batches of an epoch. */
function visitsOfEachDay({ training }: PreparedReturns): { readonly days: number; readonly least: number; readonly most: number } {
  const visits: number[] = [];
  for (const { spans } of training.plan()) {
    for (const span of spans) {
      for (let day = span?.start ?? 0; day < (span?.end ?? 0); day++) visits[day] = (visits[day] ?? 0) + 1;
    }
  }
  const counts = Array.from(visits, (count) => count ?? 0);
  return { days: counts.length, least: Math.min(...counts), most: Math.max(...counts) };
}
