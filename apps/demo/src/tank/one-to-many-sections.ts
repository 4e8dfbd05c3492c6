import { describe } from '@cellstate/core';
import { unrolledBoxes } from '../charts/unrolled-boxes.ts';
import type { Section } from '../example/example.ts';
import type { Page } from '../example/page.ts';
import { showLosses, showScores, stepsOf } from './day-task.ts';
import { byLooping, byRepeating, oneToManyRules, oneToManyTask, type Solved } from './one-to-many-task.ts';
import { HOURS_A_DAY } from './tank-physics.ts';
import type { TankStory } from './tank-story.ts';

/** One reading becomes a day, in two ways; the second section shows both in one table. */
export function oneToManySections(story: TankStory): readonly [Section, Section] {
  const { data, options } = story;
  const { seed } = options;
  const features = data.features.length;
  const task = oneToManyTask(story);
  const scores = { truth: stepsOf(task.days.test, 1), data, tankOf: task.days.test.tankOf, scalers: task.scalers };
  const rules = oneToManyRules(task, data);
  const repeated: Solved[] = [];

  async function repeat(page: Page): Promise<void> {
    repeated.push(
      await byRepeating(page, task, { head: 'dense', seed }),
      await byRepeating(page, task, { head: 'units = features', seed }),
    );
    const { model } = repeated[0] as Solved;
    page.pattern({
      keras: `RepeatVector(${HOURS_A_DAY}); LSTM(${features}, return_sequences=True)`,
      ours: `repeatVector({ n: ${HOURS_A_DAY} }), lstm({ units: ${features}, returnSequences: true })`,
      input: model.inputs[0]?.shape ?? [],
      output: model.outputs[0]?.shape ?? [],
    });
    page.say(
      'Task: from the reading at midnight to the next 24 hours. Every hour gets that same reading; only the state tells the hours apart.',
    );
    showScores(page, [...repeated.map(({ answer }) => answer), ...rules], scores);
    page.note(
      'With `units = features` and no dense layer, the way the tutorials write it, the units are the forecast itself: each is a tanh times a gate, so the readings are scaled into −0.8 … 0.8 (here for all rows). Two units are a small memory for a whole day, and the table shows what that costs. The rule “same hour yesterday” knows 24 readings where the models know one.',
    );
    page.figure(
      unrolledBoxes(model, {
        steps: HOURS_A_DAY,
        input: 'x',
        caption: 'One to many by repeating: one value in, copied to every step, an output at each.',
      }),
    );
    showLosses(page, Object.fromEntries(repeated.map(({ answer, losses }) => [answer.name, losses])));
  }

  async function loop(page: Page): Promise<void> {
    const looped = [await byLooping(page, task, { head: 'dense', seed }), await byLooping(page, task, { head: 'units = features', seed })];
    const { model } = looped[0] as Solved;
    const rows = task.days.test.tankOf.length;
    const step = model.stream({ lanes: rows });
    const input = [rows, features];
    const output = step.push(stepsOf(task.days.test, 0, 1).reshape(input)).shape;
    step.dispose();
    page.pattern({
      keras: `LSTM(…, stateful=True); for _ in range(${HOURS_A_DAY}): x = model.predict(x)`,
      ours: `const day = model.stream({ lanes: ${rows} }); x = day.push(x)`,
      input,
      output,
    });
    page.say(`The other way: one box, called ${HOURS_A_DAY} times. Its output becomes its next input.`);
    showScores(page, [...repeated, ...looped].map(({ answer }) => answer).concat(rules), scores);
    page.note(
      `The shape of one call is ${describe(input)} → ${describe(output)}; the state between the calls is what makes them one sequence. Training saw true readings at every hour, the loop sees its own: errors feed on themselves, which the repeating model cannot suffer from.`,
    );
    page.figure(
      unrolledBoxes(model, {
        steps: 1,
        caption: 'One to many by a loop: the orange arrows are the state that the stream keeps from one call to the next.',
      }),
    );
    showLosses(page, Object.fromEntries(looped.map(({ answer, losses }) => [answer.name, losses])));
    for (const solved of [...repeated, ...looped]) solved.model.dispose();
  }

  return [
    { id: 'one-to-many-repeat', title: 'One to many by repeating: from midnight to the next day', run: repeat },
    { id: 'one-to-many-loop', title: 'One to many by a loop that keeps its state', run: loop },
  ];
}
