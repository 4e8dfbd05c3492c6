import { type NdArray, ndarray, random } from '@cellstate/core';
import { bidirectional, dense, lstm, sequential } from '@cellstate/layers';
import { forecastChart } from '../charts/forecast-chart.ts';
import { unrolledBoxes } from '../charts/unrolled-boxes.ts';
import { dailySequences, showLosses, showScores, trainOnDays, verdict } from './day-task.ts';
import { withUnit } from './score-table.ts';
import { inUnits, type TankSequences } from './tank-arrays.ts';
import { HOURS_A_DAY } from './tank-physics.ts';
import type { TankSection } from './tank-story.ts';
import { epochsFor } from './training.ts';

const UNITS = 16;
const GAP = 6;

/** Both directions, to fill a gap in the readings. */
export const bidirectionalSection: TankSection = ({ data, options }) => ({
  id: 'bidirectional',
  title: 'Bidirectional: filling a gap, never forecasting',
  async run(page) {
    const features = data.features.length;
    const model = sequential(
      [
        bidirectional({ layer: lstm({ units: UNITS, returnSequences: true }), inputShape: [HOURS_A_DAY, features + 1] }),
        dense({ units: features }),
      ],
      { seed: options.seed },
    );
    page.pattern({
      keras: `Bidirectional(LSTM(${UNITS}, return_sequences=True)); Dense(${features})`,
      ours: `bidirectional({ layer: lstm({ units: ${UNITS}, returnSequences: true }) })`,
      input: model.inputs[0]?.shape ?? [],
      output: model.outputs[0]?.shape ?? [],
    });
    page.say(
      `A sensor is silent for ${GAP} hours. One LSTM reads the day forwards, one backwards, so both sides of the gap count. ` +
        'A forecast has no other side: there it would be cheating.',
    );
    const { train, test } = dailySequences(data, { hour: 0, length: HOURS_A_DAY });
    const [trainGaps, testGaps] = ['train', 'test'].map((name, index) =>
      gapStarts((index === 0 ? train : test).tankOf.length, random(options.seed).split(`gaps ${name}`)),
    ) as [number[], number[]];
    const epochs = epochsFor(options, { full: 40, quick: 6 });
    const losses = await trainOnDays(
      page,
      model,
      { x: bridged(train, trainGaps).marked, y: train.x },
      { label: 'bidirectional', epochs, seed: options.seed },
    );
    const line = bridged(test, testGaps);
    const filled = await model.predict(line.marked);
    const skills = showScores(
      page,
      [
        { name: 'bidirectional LSTM', kind: 'model', forecast: inGaps(filled, testGaps) },
        { name: 'linear interpolation', kind: 'rule', forecast: inGaps(line.bridge, testGaps) },
      ],
      { truth: inGaps(test.x, testGaps), data, tankOf: test.tankOf },
    );
    page.say(`${verdict(skills, data.features)} (${test.tankOf.length} held-out days)`);
    page.note(
      'The input is the day with the gap bridged by a straight line, and a third feature that is 1 at each missing hour. Errors are those of the missing hours only.',
    );
    const start = testGaps[0] as number;
    const units = (array: NdArray) => inUnits(array, { scalers: data.scalers, tankOf: test.tankOf });
    const [truth, fill, bridge] = [units(test.x), units(filled), units(line.bridge)];
    page.figure(
      forecastChart(
        data.features.map((name, feature) => ({
          title: `${withUnit(name, data.units[feature])}, tank ${data.names[test.tankOf[0] ?? 0]}`,
          truth: column(truth, feature),
          origin: start - 1,
          lines: [
            { name: 'bidirectional', values: column(fill, feature).slice(start, start + GAP) },
            { name: 'straight line', values: column(bridge, feature).slice(start, start + GAP) },
          ],
        })),
        {
          labels: Array.from({ length: HOURS_A_DAY }, (_, hour) => `${hour} h`),
          caption: `A held-out day. The readings of the ${GAP} hours after the dashed line were hidden from both.`,
        },
      ),
    );
    page.figure(
      unrolledBoxes(model, {
        steps: HOURS_A_DAY,
        caption: 'Two rows of boxes: the state of one runs forwards, that of the other backwards; both outputs of an hour are joined.',
      }),
    );
    showLosses(page, { bidirectional: losses });
    await page.model('bidirectional', model);
    model.dispose();
  },
});

/** Where the gap of each day begins; it never touches the first or last hour. */
function gapStarts(rows: number, stream: ReturnType<typeof random>): number[] {
  return Array.from({ length: rows }, () => 1 + stream.integer(HOURS_A_DAY - GAP - 1));
}

/** Days with their gap bridged by a straight line, and the same with a further feature that is 1 where a reading is missing. */
function bridged({ x }: TankSequences, starts: readonly number[]): { bridge: NdArray; marked: NdArray } {
  const [rows = 0, steps = 0, features = 0] = x.shape;
  const bridge = Float32Array.from(x.data);
  const marked = new Float32Array(rows * steps * (features + 1));
  for (let row = 0; row < rows; row++) {
    const start = starts[row] as number;
    for (let step = 0; step < steps; step++) {
      const missing = step >= start && step < start + GAP;
      for (let feature = 0; feature < features; feature++) {
        const at = (row * steps + step) * features + feature;
        const share = (step - start + 1) / (GAP + 1);
        if (missing) bridge[at] = x.at(row, start - 1, feature) * (1 - share) + x.at(row, start + GAP, feature) * share;
        marked[(row * steps + step) * (features + 1) + feature] = bridge[at] as number;
      }
      marked[(row * steps + step) * (features + 1) + features] = missing ? 1 : 0;
    }
  }
  return { bridge: ndarray(bridge, x.shape), marked: ndarray(marked, [rows, steps, features + 1]) };
}

/** The hours of each row's gap alone. */
function inGaps(array: NdArray, starts: readonly number[]): NdArray {
  const features = array.shape[2] as number;
  const flat = new Float32Array(starts.length * GAP * features);
  for (const [row, start] of starts.entries())
    flat.set(array.slice([[row, row + 1], [start, start + GAP], null]).data, row * GAP * features);
  return ndarray(flat, [starts.length, GAP, features]);
}

/** One feature of the first row. */
function column(array: NdArray, feature: number): number[] {
  return Array.from({ length: array.shape[1] as number }, (_, step) => array.at(0, step, feature));
}
