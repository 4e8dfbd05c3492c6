import { describe, stack } from '@cellstate/core';
import { forecastChart } from '../charts/forecast-chart.ts';
import { withUnit } from './score-table.ts';
import type { TankSection } from './tank-story.ts';

const STEPS = 5;
const SHOWN_COLUMNS = 4;
const LONGEST_TITLE = 12;
const WEEK = 168;

/** The array of samples, time steps and features. */
export const arraySection: TankSection = ({ data }) => ({
  id: 'array',
  title: 'What `[samples, time steps, features]` is here',
  run(page) {
    const { features, names, readings, units } = data;
    const array = stack(readings.map((series) => series.rows(0, STEPS)));
    page.say(
      `${names.length} tanks report ${features.join(' and ')} every hour. The first ${STEPS} hours of all of them are one array of shape \`${describe(array.shape)}\`: ` +
        `**samples** are tanks, **time steps** are hours, **features** are the numbers read at one hour.`,
    );
    const shown = features.slice(0, SHOWN_COLUMNS);
    const tanks = names.slice(0, Math.max(1, Math.floor(SHOWN_COLUMNS / shown.length)));
    page.table({
      columns: [
        { title: 'step' },
        ...tanks.flatMap((name) => shown.map((feature) => ({ title: `${name} ${feature.slice(0, LONGEST_TITLE)}`, digits: 1 }))),
      ],
      rows: Array.from({ length: STEPS }, (_, step) => [
        `${step + 1}`,
        ...tanks.flatMap((_, tank) => shown.map((_, feature) => array.at(tank, step, feature))),
      ]),
    });
    const [last, step, feature] = [tanks.length - 1, 2, 0];
    page.say(
      `\`array.at(${last}, ${step}, ${feature})\` is ${array.at(last, step, feature).toFixed(1)}: the ${features[feature]} of ${names[last]} at step ${step + 1}. ` +
        'A layer reads along the steps; samples never see one another.',
    );
    page.note(
      'A batch is a number of samples that are computed together. Whether the next batch goes on with the same samples, or holds others, is what the next two sections are about.',
    );
    page.figure(
      forecastChart(
        features.map((name, index) => ({
          title: `${withUnit(name, units[index])}, tank ${names[0]}`,
          truth: readings[0]?.rows(0, WEEK).select([index]).values ?? [],
          origin: STEPS - 1,
          lines: [],
        })),
        {
          labels: data.times.labels.slice(0, WEEK),
          caption: `The first week of one sample. The ${STEPS} steps of the array lie left of the dashed line; the day repeats itself, which is what there is to learn.`,
        },
      ),
    );
    page.metric('shape', array.shape);
    page.metric('hours', data.steps);
  },
});
