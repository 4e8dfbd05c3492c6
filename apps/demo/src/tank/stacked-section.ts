import { unrolledBoxes } from '../charts/unrolled-boxes.ts';
import { setPlainWeights } from '../parallel/plain-weights.ts';
import { CHUNK, forecaster } from './forecast-seed.ts';
import { bestRuleErrors, HORIZONS, MODEL } from './held-out-errors.ts';
import { awaitJobs, type SimulatedStory, type TankSection } from './tank-story.ts';

/** Two layers on top of each other against one. */
export const stackedSection =
  ({ single, stacked }: { single: readonly number[]; stacked: readonly number[] }): TankSection<SimulatedStory> =>
  (story) => ({
    id: 'stacked',
    title: 'Stacked against single',
    async run(page) {
      const { data, options } = story;
      const features = data.features.length;
      const [one, two] = [single, stacked].map((units) => forecaster({ units, features, seed: options.seed })) as [
        ReturnType<typeof forecaster>,
        ReturnType<typeof forecaster>,
      ];
      page.pattern({
        keras: stacked.map((units) => `LSTM(${units}, return_sequences=True)`).join('; '),
        ours: `[${stacked.join(', ')}].map((units) => lstm({ units, returnSequences: true }))`,
        input: two.inputs[0]?.shape ?? [],
        output: two.outputs[0]?.shape ?? [],
      });
      page.say(
        'The lower layer returns its whole sequence, for the upper one reads it step by step. Task, tanks, epochs and carried state are those of the forecaster above.',
      );
      const [[first], [second]] = [await awaitJobs(page, 'single', story.forecasters), await awaitJobs(page, 'stacked', story.stacked)];
      if (first === undefined || second === undefined) return;
      const rule = bestRuleErrors(first.errors);
      const rows = [
        { name: `single, ${one.countParams()} parameters`, errors: first.errors[MODEL] ?? [] },
        { name: `stacked, ${two.countParams()} parameters`, errors: second.errors[MODEL] ?? [] },
        { name: 'best rule', errors: rule },
      ];
      page.table({
        columns: [{ title: `RMSE, ${data.units.join(' / ')}` }, ...HORIZONS.map((horizon) => ({ title: `${horizon} h` }))],
        rows: rows.map(({ name, errors }) => [name, ...errors.map((row) => row.map((error) => error.toFixed(3)).join(' / '))]),
      });
      const cells = HORIZONS.length * features;
      const wins = rows[1]?.errors.flat().filter((error, index) => error < (rows[0]?.errors.flat()[index] as number)).length ?? 0;
      page.say(
        `The stacked model is better in ${wins} of ${cells} columns. ${wins > cells / 2 ? 'Here the second layer pays.' : 'Here one layer is enough: the day is a simple cycle.'}`,
      );
      page.figure(
        unrolledBoxes(two, {
          steps: CHUNK,
          caption: 'Two rows of boxes: each layer has a state of its own, and both are carried from batch to batch.',
        }),
      );
      page.metric('rmse', Object.fromEntries(rows.map(({ name, errors }) => [name, errors.map((row) => [...row])])));
      page.metric('stacked better in', wins);
      setPlainWeights(two, second.weights);
      await page.model('stacked', two);
      one.dispose();
      two.dispose();
    },
  });
