import { rmse } from '@cellstate/forecasting';
import { dense, lstm, sequential } from '@cellstate/layers';
import { adam, createTrainer } from '@cellstate/trainers';
import { createDataset, minMaxScaler } from '@cellstate/windowing';
import { forecastChart } from '../charts/forecast-chart.ts';
import { learningCurves } from '../charts/learning-curves.ts';
import { unrolledBoxes } from '../charts/unrolled-boxes.ts';
import type { Table } from '../example/page.ts';
import { naiveErrors, scoreMetric, skillAgainst, skillText } from './score-rows.ts';
import type { StockSection } from './stock-story.ts';
import { firstTestDay, LOOK_BACK, trainDays } from './tutorial-dataset.ts';

/** Days drawn before the first test day. */
const SHOWN_BEFORE = 20;

/** The well-known tutorial, line by line, and what it is worth. */
export const tutorialSection: StockSection = ({ data, one, naive, epochs: { tutorial: epochs }, seeds }) => ({
  id: 'tutorial',
  title: 'The tutorial’s own code, name for name',
  async run(page) {
    const days = one.steps;
    const seed = seeds[0] as number;
    const [name = ''] = one.names;

    const scaler = minMaxScaler({ range: [0, 1] }).fit(one);
    const dataset = scaler.transform(one);
    const trainSize = trainDays(days);
    const [train, test] = [dataset.rows(0, trainSize), dataset.rows(trainSize)];
    const { x: trainWindows, y: trainY } = createDataset(train, { lookBack: LOOK_BACK });
    const { x: testWindows, y: testY } = createDataset(test, { lookBack: LOOK_BACK });
    const trainX = trainWindows.reshape([trainWindows.shape[0] as number, LOOK_BACK, 1]);
    const testX = testWindows.reshape([testWindows.shape[0] as number, LOOK_BACK, 1]);

    const model = sequential([lstm({ units: 4, batchInputShape: [1, LOOK_BACK, 1], stateful: true }), dense({ units: 1 })], { seed });
    const trainer = createTrainer(model, { loss: 'meanSquaredError', optimizer: adam(), seed });
    const losses: number[] = [];
    const bar = page.progress('training', epochs);
    try {
      for (let epoch = 0; epoch < epochs; epoch++) {
        const { history } = await trainer.fit(
          { x: trainX, y: trainY },
          { epochs: 1, batchSize: 1, shuffle: false, allowOverlap: true, verbose: 0 },
        );
        trainer.resetStates();
        losses.push(history.loss[0] as number);
        bar.update(epoch + 1, `loss ${losses.at(-1)?.toPrecision(3)}`);
      }
    } finally {
      bar.stop();
    }
    const trainPredict = scaler.inverse(await trainer.predict(trainX, { batchSize: 1, allowOverlap: true }));
    trainer.resetStates();
    const testPredict = scaler.inverse(await trainer.predict(testX, { batchSize: 1, allowOverlap: true }));

    const trainError = rmse(scaler.inverse(trainY), trainPredict);
    const testError = rmse(scaler.inverse(testY), testPredict);
    const rules = naiveErrors(naive, 0);
    page.say(
      `${name}, last ${days} days: ${trainSize} train, ${days - trainSize} test, in windows of ${LOOK_BACK}: ${shape(trainX)} and ${shape(testX)}. ` +
        `${epochs} epochs of one pass each, \`shuffle: false\`, a reset after each.`,
    );
    page.pattern({
      keras: 'LSTM(4, batch_input_shape=(1, 3, 1), stateful=True)',
      ours: 'lstm({ units: 4, batchInputShape: [1, 3, 1], stateful: true })',
      input: [1, LOOK_BACK, 1],
      output: model.outputs[0]?.shape ?? [],
    });
    const row = (name: string, error: number) => [name, error, skillAgainst(error, rules)];
    page.table({
      columns: [{ title: 'next day' }, { title: `test RMSE, ${data.unit}`, digits: 1 }, { title: 'skill' }],
      rows: [row('the tutorial’s model', testError), row('persistence (yesterday’s close)', rules.persistence), row('drift', rules.drift)],
      strong: [0],
    });
    const yesterday = naive.naive.persistence?.slice([null, null, null, [0, 1]]).reshape([-1, 1]) as typeof testPredict;
    page.say(verdict({ skill: skillAgainst(testError, rules), toYesterday: rmse(yesterday, testPredict), testError, unit: data.unit }));
    page.table(lineByLine(), { reportOnly: true });
    page.note(
      'The shapes are `[samples, time steps, features]`: a sample is a window, a time step is a day, and the one feature is the close. A state reset follows each epoch, because the next one begins again with the first window.',
    );
    page.note(
      'Two things of the tutorial are kept although they are not sound: the scaler sees the test days, and every close enters the carried state three times. ' +
        'One is left out: `create_dataset` there drops its last window; `tutorialOffByOne: true` would do the same here. ' +
        `Without \`allowOverlap: true\` the trainer warns of the second. The skill of a table is 1 − RMSE / RMSE of persistence: 0 is no better than repeating the last close.`,
    );
    page.figure(
      unrolledBoxes(model, {
        steps: LOOK_BACK,
        input: 'close ',
        output: 'next',
        caption:
          'The model, read off the real one: three steps, one output. The orange arrows are the state that `stateful` takes over from the window before and hands to the next.',
      }),
    );
    page.figure(
      learningCurves(
        [{ name: 'training loss', losses }],
        `Mean squared error on scaled closes, ${epochs} epoch${epochs === 1 ? '' : 's'} of ${trainX.shape[0]} windows.`,
      ),
    );
    const from = Math.max(0, firstTestDay(days) - SHOWN_BEFORE);
    page.figure(
      forecastChart(
        [
          {
            title: `${name}, ${data.unit}`,
            truth: Array.from(one.rows(from).values),
            origin: firstTestDay(days) - 1 - from,
            lines: [
              { name: 'LSTM, one day ahead', values: Array.from(testPredict.data) },
              { name: 'persistence', values: Array.from(yesterday.data) },
            ],
          },
        ],
        {
          labels: data.times.labels.slice(-days).slice(from),
          caption:
            'Each point is a forecast of one day from the true days before it. Such a curve follows any price closely; so does persistence, which is the price itself a day late.',
          xName: 'day',
          truthName: 'closes',
        },
      ),
    );
    page.headline({
      value: skillText(skillAgainst(testError, rules), 2),
      label: 'skill of the tutorial’s model against yesterday’s close',
    });
    page.metric('windows', { train: trainX.shape, test: testX.shape });
    page.metric('epochs', epochs);
    page.metric('losses', losses);
    page.metric('train RMSE', trainError);
    page.metric('test', scoreMetric([testError], rules));
    page.metric('naive', { ...rules });
    await page.model('tutorial', model);
    trainer.dispose();
    model.dispose();
  },
});

function shape(array: { readonly shape: readonly number[] }): string {
  return `\`[${array.shape.join(', ')}]\``;
}

function verdict({ skill, toYesterday, testError, unit }: { skill: number; toYesterday: number; testError: number; unit: string }): string {
  const beats = skill > 0 ? 'It **beats persistence**' : 'It **does not beat persistence**';
  const near =
    toYesterday < testError
      ? `closer to yesterday’s close (${toYesterday.toFixed(1)} ${unit}) than`
      : `no closer to yesterday’s close (${toYesterday.toFixed(1)} ${unit}) than`;
  return `${beats} (skill ${skillText(skill, 2)}). Its forecasts lie ${near} to the day they are for (${testError.toFixed(1)}).`;
}

function lineByLine(): Table {
  const lines: readonly (readonly [string, string])[] = [
    ['MinMaxScaler(feature_range=(0, 1)).fit_transform(dataset)', 'minMaxScaler({ range: [0, 1] }).fit(dataset).transform(dataset)'],
    ['create_dataset(train, look_back)', 'createDataset(train, { lookBack })'],
    ['np.reshape(trainX, (trainX.shape[0], look_back, 1))', 'trainX.reshape([trainX.shape[0], lookBack, 1])'],
    [
      'LSTM(4, batch_input_shape=(1, look_back, 1), stateful=True)',
      'lstm({ units: 4, batchInputShape: [1, lookBack, 1], stateful: true })',
    ],
    ['Dense(1)', 'dense({ units: 1 })'],
    [
      "model.compile(loss='mean_squared_error', optimizer='adam')",
      "createTrainer(model, { loss: 'mean_squared_error', optimizer: 'adam' })",
    ],
    ['for i in range(100):', 'for (let epoch = 0; epoch < 100; epoch++)'],
    [
      '  model.fit(trainX, trainY, epochs=1, batch_size=1, shuffle=False)',
      '  trainer.fit({ x: trainX, y: trainY }, { epochs: 1, batchSize: 1, shuffle: false })',
    ],
    ['  model.reset_states()', '  trainer.resetStates()'],
    ['model.predict(testX, batch_size=1)', 'trainer.predict(testX, { batchSize: 1 })'],
  ];
  return {
    caption: 'The tutorial’s lines, each in Keras and here (`await` before `fit` and `predict`).',
    columns: [{ title: '' }, { title: 'line by line' }],
    rows: lines.flatMap(([keras, ours]) => [
      ['Keras', `\`${keras}\``],
      ['here', `\`${ours}\``],
    ]),
    strong: lines.map((_, line) => 2 * line + 1),
  };
}
