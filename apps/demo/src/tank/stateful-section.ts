import { concat, describe, type NdArray, stack } from '@cellstate/core';
import { lstm, sequential } from '@cellstate/layers';
import { createTrainer } from '@cellstate/trainers';
import { type LaneBatch, lanes } from '@cellstate/windowing';
import { laneDiagram } from '../charts/lane-diagram.ts';
import { differenceText } from './difference-text.ts';
import { maxDifference } from './tank-arrays.ts';
import type { TankSection } from './tank-story.ts';

const STEPS = 5;
const UNITS = 8;
const SHOWN = 3;

/** Stateful batches of two and three steps, and the proof that they equal the whole sequence. */
export const statefulSection: TankSection = ({ data, options }) => ({
  id: 'stateful',
  title: 'The same readings as stateful batches',
  async run(page) {
    const { features, names, scaled } = data;
    const whole = stack(scaled.map((series) => series.rows(0, STEPS)));
    const batches = [...lanes(whole, { lanes: names.length, steps: [2, 3] })];
    page.say(
      `Now batch 1 holds steps 1–2 of every tank and batch 2 steps 3–5: ${batches.map(({ x }) => `\`${describe(x.shape)}\``).join(', then ')}. Row i is the same tank in both. ` +
        'A `stateful` layer starts row i of batch 2 from the state in which row i of batch 1 ended.',
    );
    const input = [names.length, null, features.length];
    const model = sequential([lstm({ units: UNITS, returnSequences: true, stateful: true, batchInputShape: input })], {
      seed: options.seed,
    });
    const trainer = createTrainer(model, { loss: 'meanSquaredError', seed: options.seed });
    const expected = await model.predict(whole, { state: 'zero' });
    const run = async (between: () => void) => {
      trainer.resetStates();
      const parts: NdArray[] = [];
      for (const { x } of batches) {
        parts.push(await trainer.predict(x));
        between();
      }
      return concat(parts, 1);
    };
    const carried = await run(() => {});
    const carriedState = trainer.states.inference;
    const forgotten = await run(() => trainer.resetStates());
    const [withState, without] = [maxDifference(carried, expected), maxDifference(forgotten, expected)];
    const tank = 0;
    page.table({
      columns: [
        { title: `output 1 of tank ${names[tank]} at step` },
        ...Array.from({ length: STEPS }, (_, step) => ({ title: `${step + 1}`, digits: 5 })),
      ],
      rows: [
        ['whole sequence', ...rowOf(expected, tank)],
        ['two batches, state carried', ...rowOf(carried, tank)],
        ['two batches, state reset', ...rowOf(forgotten, tank)],
      ],
    });
    page.check({
      name: 'Two stateful batches = the whole sequence',
      passed: withState <= 1e-5,
      detail: `max |difference| ${differenceText(withState)} ≤ 1e-5`,
    });
    page.check({
      name: 'Without carried state they differ',
      passed: without > 1e-2,
      detail: `max |difference| ${differenceText(without)} > 1e-2`,
    });
    page.figure(
      laneDiagram(batches.map(drawn), {
        names,
        steps: Array.from({ length: STEPS }, (_, step) => `${step + 1}`),
        caption:
          'The grid of tanks and steps, cut into two stateful batches. The trainer hands the state of each lane on; nothing is computed twice and nothing is lost.',
      }),
    );
    page.note(
      `\`lanes(array, { lanes: ${names.length}, steps: [2, 3] })\` makes these batches and says with each which lanes start anew, so that the trainer can reset exactly those. The table shows the first of ${UNITS} outputs; the checks look at all of them, of all tanks.`,
    );
    page.table(stateTable(carriedState, { names, shown: SHOWN }), { reportOnly: true });
    page.headline({ value: differenceText(withState), label: 'largest difference of two stateful batches from the whole sequence' });
    page.metric('difference with state', withState);
    page.metric('difference without state', without);
    trainer.dispose();
    model.dispose();
  },
});

function rowOf(outputs: NdArray, tank: number): number[] {
  return Array.from({ length: STEPS }, (_, step) => outputs.at(tank, step, 0));
}

function drawn({ spans }: LaneBatch) {
  return {
    lanes: spans.map((span) =>
      span === null ? { first: 0, count: 0, starts: false } : { first: span.start, count: span.end - span.start, starts: span.begins },
    ),
  };
}

/** The carried state of the first units, as the trainer holds it. */
function stateTable(states: Readonly<Record<string, readonly NdArray[]>>, { names, shown }: { names: readonly string[]; shown: number }) {
  const rows = Object.entries(states).flatMap(([path, [hidden, cell]]) =>
    names
      .slice(0, shown)
      .map((name, lane) => [
        `${path}, lane ${name}`,
        ...[hidden, cell].flatMap((state) => [0, 1].map((unit) => state?.at(lane, unit) ?? 0)),
      ]),
  );
  return {
    caption: 'The state is small: two numbers a unit, hidden h and cell c, for each lane. This is what the trainer holds after batch 2.',
    columns: [{ title: 'state' }, { title: 'h, unit 1' }, { title: 'h, unit 2' }, { title: 'c, unit 1' }, { title: 'c, unit 2' }],
    rows,
  };
}
