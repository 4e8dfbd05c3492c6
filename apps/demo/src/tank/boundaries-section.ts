import { type NdArray, stack } from '@cellstate/core';
import { lstm, sequential } from '@cellstate/layers';
import { createTrainer } from '@cellstate/trainers';
import { lanes } from '@cellstate/windowing';
import { differenceText } from './difference-text.ts';
import { maxDifference } from './tank-arrays.ts';
import { HOURS_A_DAY } from './tank-physics.ts';
import type { TankSection } from './tank-story.ts';

const STEPS = 5;
const UNITS = 8;

/** Where a sequence begins and ends: two runs of tanks, one after the other. */
export const boundariesSection: TankSection = ({ data, options }) => ({
  id: 'boundaries',
  title: 'State reset at the start and at the end',
  async run(page) {
    const { names, scaled } = data;
    const afternoon = 2 * HOURS_A_DAY + 12;
    const [first, second] = [0, afternoon].map((from) => stack(scaled.map((series) => series.rows(from, from + STEPS)))) as [
      NdArray,
      NdArray,
    ];
    const model = sequential([lstm({ units: UNITS, returnSequences: true, stateful: true, inputShape: [null, data.features.length] })], {
      seed: options.seed,
    });
    const trainer = createTrainer(model, { loss: 'meanSquaredError', seed: options.seed });
    page.say(
      `Run A is ${STEPS} hours of ${names.length} tanks from the first night, run B ${STEPS} hours from an afternoon two days later. One stateful model reads A, then B. The state has to end with A, for B is another sequence.`,
    );
    const alone = await trainer.predict(second);
    const afterFirst = async (between: () => void) => {
      trainer.resetStates();
      await trainer.predict(first);
      between();
      return maxDifference(await trainer.predict(second), alone);
    };
    const reset = await afterFirst(() => trainer.resetStates());
    const kept = await afterFirst(() => {});
    trainer.resetStates();
    const rows = [
      ...Array.from({ length: names.length }, (_, tank) => first.slice([[tank, tank + 1]])),
      ...Array.from({ length: names.length }, (_, tank) => second.slice([[tank, tank + 1]])),
    ];
    const batches = lanes(
      rows.map((row) => row.reshape(row.shape.slice(1))),
      { lanes: names.length, steps: STEPS },
    );
    const both = await trainer.predict(batches);
    const started = maxDifference(both.slice([[names.length]]), alone);
    page.table({
      columns: [{ title: 'run B after run A against B alone' }, { title: 'max |difference|' }],
      rows: [
        ['resetStates() between them', differenceText(reset)],
        ['lanes() says where a sequence starts', differenceText(started)],
        ['no reset', differenceText(kept)],
      ],
    });
    page.check({
      name: 'Two runs in a row = each alone, with a reset',
      passed: Math.max(reset, started) <= 1e-6,
      detail: `max |difference| ${differenceText(Math.max(reset, started))} ≤ 1e-6`,
    });
    page.check({ name: 'Not so without a reset', passed: kept > 1e-2, detail: `max |difference| ${differenceText(kept)} > 1e-2` });
    page.note(
      'Keras can reset all lanes at once or none. Here each batch says lane by lane where a sequence starts, so tanks with runs of different lengths can share one batch.',
    );
    page.metric('difference', { 'with reset': reset, 'with starts': started, 'without reset': kept });
    trainer.dispose();
    model.dispose();
  },
});
