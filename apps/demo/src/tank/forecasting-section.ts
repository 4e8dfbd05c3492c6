import { forecastChart } from '../charts/forecast-chart.ts';
import { learningCurves } from '../charts/learning-curves.ts';
import { unrolledBoxes } from '../charts/unrolled-boxes.ts';
import { setPlainWeights } from '../parallel/plain-weights.ts';
import { CHUNK, forecaster, type Paths } from './forecast-seed.ts';
import { withUnit } from './score-table.ts';
import { HELD_OUT } from './tank-data.ts';
import { awaitJobs, type TankSection } from './tank-story.ts';

const BEFORE = 96;
const RULE = 'same hour of the last day';

/** Many to many with state, from training to a forecast. */
export const forecastingSection =
  (units: readonly number[]): TankSection =>
  ({ data, options, forecasters }) => ({
    id: 'forecasting',
    title: 'Many to many with state: how a trained model becomes a forecast',
    async run(page) {
      const { features, names, steps, trainSteps, times, readings } = data;
      const model = forecaster({ units, features: features.length, seed: options.seed });
      page.pattern({
        keras: `LSTM(${units[0]}, return_sequences=True, stateful=True)`,
        ours: `lstm({ units: ${units[0]}, returnSequences: true, stateful: true })`,
        input: model.inputs[0]?.shape ?? [],
        output: model.outputs[0]?.shape ?? [],
      });
      page.say(
        `**Train:** \`X = [:, :-1]\`, \`Y = [:, 1:]\` on the first ${trainSteps} hours, in batches of ${CHUNK} hours with a lane a tank; state goes on from batch to batch and is reset at each epoch. ` +
          '**Warm:** run the whole history once to adjust the state. **Roll:** feed each output back as the next input, without a reset.',
      );
      const [first] = await awaitJobs(page, 'forecasters', forecasters);
      if (first === undefined) return;
      const heldOut = steps - trainSteps;
      const errors = (path: Paths) =>
        features.map((_, feature) => {
          const squares = readings.flatMap((series, tank) =>
            Array.from(
              { length: heldOut },
              (_, step) => (series.at(trainSteps + step, feature) - (path[tank]?.[step]?.[feature] as number)) ** 2,
            ),
          );
          return Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / squares.length);
        });
      const rows = { LSTM: errors(first.heldOut), [RULE]: errors(first.heldOutNaive) };
      page.table(
        {
          columns: [{ title: `RMSE of ${heldOut} hours from one origin` }, { title: 'LSTM' }, { title: RULE }],
          rows: features.map((name, index) => [
            withUnit(name, data.units[index]),
            ...Object.values(rows).map((values) => values[index] as number),
          ]),
        },
        { terminalRows: 4 },
      );
      const tank = 0;
      page.figure(
        forecastChart(
          features.map((name, feature) => ({
            title: `${withUnit(name, data.units[feature])}, tank ${names[tank]}`,
            truth: readings[tank]?.rows(trainSteps - BEFORE).select([feature]).values ?? [],
            origin: BEFORE - 1,
            lines: [
              { name: 'forecast', values: (first.heldOut[tank] ?? []).map((row) => row[feature] as number) },
              { name: RULE, values: (first.heldOutNaive[tank] ?? []).map((row) => row[feature] as number) },
            ],
          })),
          {
            labels: times.labels.slice(trainSteps - BEFORE),
            caption: `The held-out ${heldOut} hours of one tank. Neither the model nor its scaler has seen a reading behind the dashed line.`,
          },
        ),
      );
      page.figure(
        unrolledBoxes(model, {
          steps: CHUNK,
          caption:
            'The forecaster, drawn from the model. Orange arrows: the state that comes in from the batch before and goes out to the next.',
        }),
      );
      page.figure(
        learningCurves(
          [{ name: 'forecaster', losses: first.losses }],
          'Mean squared error of the scaled next reading, by epoch. The learning rate falls along a cosine.',
        ),
      );
      page.note(
        `forecast.csv goes on where the readings end: the state is adjusted on all ${steps} hours, then the model rolls ${HELD_OUT} hours beyond the last one. Its naive column is the ${RULE}.`,
      );
      page.metric(
        'rmse from one origin',
        Object.fromEntries(
          Object.entries(rows).map(([name, values]) => [
            name,
            Object.fromEntries(features.map((feature, index) => [feature, values[index] as number])),
          ]),
        ),
      );
      page.metric('last loss', first.losses.at(-1) as number);
      for (const [index, time] of times.following(HELD_OUT).entries()) {
        page.forecast(
          names.flatMap((series, row) =>
            features.map((feature, column) => ({
              series,
              time,
              horizon: index + 1,
              feature,
              forecast: first.future[row]?.[index]?.[column] as number,
              naive: first.futureNaive[row]?.[index]?.[column] as number,
            })),
          ),
        );
      }
      setPlainWeights(model, first.weights);
      await page.model('forecaster', model);
      model.dispose();
    },
  });
