import { describe } from '@cellstate/core';
import { dense, lstm, sequential } from '@cellstate/layers';
import { slidingWindows } from '@cellstate/windowing';
import { windowDiagram } from '../charts/window-diagram.ts';
import { differenceText } from './difference-text.ts';
import { maxDifference } from './tank-arrays.ts';
import type { TankSection } from './tank-story.ts';

const STEPS = 5;
const LENGTH = 3;

/** Overlapping windows, and why a model takes them for independent sequences. */
export const windowsSection: TankSection = ({ data, options }) => ({
  id: 'windows',
  title: 'The same readings as overlapping windows',
  async run(page) {
    const { features, names, scaled } = data;
    const first = scaled[0] as (typeof scaled)[number];
    const windows = slidingWindows(first.rows(0, STEPS), { length: LENGTH });
    const all = slidingWindows(scaled, { length: LENGTH });
    page.say(
      `A window holds ${LENGTH} hours and asks for the next one. Hours 1–${STEPS} of ${names[0]} give ${windows.count} windows, ` +
        `all ${data.steps} hours of ${names.length} tanks give ${all.count}: an array \`${describe([all.count, LENGTH, features.length])}\`. Now a **sample** is a window, no longer a tank.`,
    );
    const model = sequential([lstm({ units: 4, inputShape: [LENGTH, features.length] }), dense({ units: features.length })], {
      seed: options.seed,
    });
    const { x } = windows.toArrays();
    const together = await model.predict(x);
    const alone = await model.predict(x.slice([[1, 2]]));
    const difference = maxDifference(alone, together.slice([[1, 2]]));
    model.dispose();
    page.table({
      columns: [{ title: 'window' }, { title: 'steps in' }, { title: 'step to tell' }],
      rows: [...windows].map(({ inputRows, targetRows }, index) => [
        `${index + 1}`,
        inputRows.map((row) => row + 1).join(', '),
        targetRows.map((row) => row + 1).join(', '),
      ]),
    });
    page.say(
      'Windows 1 and 2 share hours, but a model without carried state starts each from zero: it may see them in any order and remembers nothing from one to the next.',
    );
    page.check({
      name: 'Window 2 alone = window 2 after window 1',
      passed: difference <= 1e-6,
      detail: `max |difference| ${differenceText(difference)} ≤ 1e-6`,
    });
    page.note(
      'That is right as long as a window holds all that matters. What lies further back than the window is lost, and every hour is computed several times, once for each window it lies in.',
    );
    page.figure(
      windowDiagram(
        [...windows].map(({ inputRows, targetRows }, index) => ({
          name: `window ${index + 1}`,
          inputs: inputRows,
          ...(targetRows[0] === undefined ? {} : { target: targetRows[0] }),
        })),
        {
          steps: Array.from({ length: STEPS }, (_, step) => `${step + 1}`),
          seriesName: `tank ${names[0]}`,
          caption: 'Windows of three hours over five hours: each is a sequence of its own to the model.',
        },
      ),
    );
    page.metric('windows', all.count);
    page.metric('alone against together', difference);
  },
});
