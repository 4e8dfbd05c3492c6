import { learningCurves } from '../charts/learning-curves.ts';
import { CHUNK } from './forecast-seed.ts';
import { bestRuleErrors, HORIZONS, MODEL } from './held-out-errors.ts';
import { awaitJobs, type SimulatedStory, type TankSection } from './tank-story.ts';
import { LOOK_BACK } from './windows-seed.ts';

/** What a window of five hours cannot see: the hour of the day. */
export const cycleSection: TankSection<SimulatedStory> = (story) => ({
  id: 'cycle',
  title: `Windows of ${LOOK_BACK} hours against lanes on the daily cycle`,
  async run(page) {
    const { data } = story;
    page.say(
      `The cycle lasts 24 hours. A window of ${LOOK_BACK} hours at night looks like any other night; a state that has run through the whole history can count the hours. Same units, same tanks, measured at the same held-out hours.`,
    );
    const [[lanes], [windows]] = [await awaitJobs(page, 'lanes', story.forecasters), await awaitJobs(page, 'windows', story.windows)];
    if (lanes === undefined || windows === undefined) return;
    const rows = [
      { name: `windows of ${LOOK_BACK} h, stateless`, errors: windows.errors[MODEL] ?? [] },
      { name: 'lanes, state carried', errors: lanes.errors[MODEL] ?? [] },
      { name: 'best rule', errors: bestRuleErrors(lanes.errors) },
    ];
    page.table({
      columns: [{ title: `RMSE, ${data.units.join(' / ')}` }, ...HORIZONS.map((horizon) => ({ title: `${horizon} h` }))],
      rows: rows.map(({ name, errors }) => [name, ...errors.map((row) => row.map((error) => error.toFixed(3)).join(' / '))]),
      strong: [1],
    });
    const ratios = data.features.map(
      (_, feature) => (windows.errors[MODEL]?.at(-1)?.[feature] as number) / (lanes.errors[MODEL]?.at(-1)?.[feature] as number),
    );
    page.say(
      `24 hours ahead the windows' error is ${ratios.map((ratio, index) => `${ratio.toFixed(1)} times that of the lanes for ${data.features[index]}`).join(' and ')}. ` +
        `An epoch of windows computes ${windows.stepsAnEpoch} steps, one of lanes ${data.names.length * (data.trainSteps - 1)}: each hour once instead of ${LOOK_BACK} times.`,
    );
    page.note(
      `Windows were trained for ${windows.losses.length} epochs with ${windows.updates} updates of the weights, lanes for ${lanes.losses.length} epochs with ${lanes.updates}.`,
    );
    page.figure(
      learningCurves(
        [
          { name: 'windows', losses: windows.losses },
          { name: 'lanes', losses: lanes.losses },
        ],
        `Loss of the next reading by epoch. Batches of lanes hold ${CHUNK} hours; their state comes from all hours before.`,
      ),
    );
    page.metric('rmse', Object.fromEntries(rows.map(({ name, errors }) => [name, errors.map((row) => [...row])])));
    page.metric(
      'windows against lanes at 24 h',
      Object.fromEntries(data.features.map((feature, index) => [feature, ratios[index] as number])),
    );
  },
});
