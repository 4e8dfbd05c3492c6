import { random } from '@cellstate/core';
import type { DemoOptions } from '../demo-options.ts';
import type { Chapters, Example } from '../example/example.ts';
import type { Jobs } from '../parallel/jobs.ts';
import { arraySection } from './array-section.ts';
import { autoencoderSection } from './autoencoder-section.ts';
import { bidirectionalSection } from './bidirectional-section.ts';
import { boundariesSection } from './boundaries-section.ts';
import { cycleSection } from './cycle-section.ts';
import { forecastingSection } from './forecasting-section.ts';
import { heldOutSection } from './held-out-section.ts';
import { kernelsSection } from './kernels-section.ts';
import { leakSection } from './leak-section.ts';
import { manyToManySection } from './many-to-many-section.ts';
import { manyToOneSection } from './many-to-one-section.ts';
import { oneToManySections } from './one-to-many-sections.ts';
import { FEWEST_HUNT_DAYS, ownHuntSection } from './own-hunt-section.ts';
import { stackedSection } from './stacked-section.ts';
import { statefulSection } from './stateful-section.ts';
import { ownTankData, simulatedData, type TankData } from './tank-data.ts';
import { HOURS_A_DAY } from './tank-physics.ts';
import type { SimulatedStory, TankStory } from './tank-story.ts';
import { epochsFor } from './training.ts';
import { windowsSection } from './windows-section.ts';

const OWN_FORECASTERS = 5;
const UNITS = [32];
const STACKED_UNITS = [24, 24];

/** How many seeds a claim rests on. */
export interface Repeats {
  readonly forecasters: number;
  readonly leakHunts: number;
}

/** Oil tanks: from an array of readings to forecasts and a leak. */
export function createTankExample(repeats: Repeats): Example {
  return {
    name: 'tank',
    async open(options, jobs) {
      if (options.data === undefined) return simulatedChapters(options, jobs, repeats);
      return ownChapters(await ownTankData(options.data), options, jobs);
    },
  };
}

export const tankExample: Example = createTankExample({ forecasters: 5, leakHunts: 20 });

function simulatedChapters(options: DemoOptions, jobs: Jobs, repeats: Repeats): Chapters {
  const data = simulatedData(options.seed);
  const seeds = (name: string, count: number) =>
    Array.from({ length: count }, (_, index) => (index === 0 ? options.seed : random(options.seed).split(`${name} ${index}`).seed));
  const epochs = epochsFor(options, { full: 40, quick: 12 });
  const story: SimulatedStory = {
    data,
    options,
    forecasters: jobs.start(
      'tank forecast',
      seeds('forecaster', repeats.forecasters).map((seed) => ({ seed, epochs, units: UNITS })),
    ),
    stacked: jobs.start('tank forecast', [{ seed: options.seed, epochs, units: STACKED_UNITS }]),
    windows: jobs.start('tank windows', [
      { seed: options.seed, epochs: epochsFor(options, { full: 15, quick: 4 }), units: UNITS[0] as number },
    ]),
    leakHunts: jobs.start(
      'tank leak',
      seeds('leak', repeats.leakHunts).map((seed) => ({ seed, epochs: epochsFor(options, { full: 45, quick: 9 }) })),
    ),
  };
  return {
    title: 'Oil tanks: from readings to a forecast',
    lead:
      `${data.names.length} oil tanks report ${data.features.join(' and ')} every hour for ${data.steps / HOURS_A_DAY} days. See what ` +
      '`[samples, time steps, features]` means for them, what `stateful` does, and how a trained model becomes a forecast.',
    sections: [
      arraySection(story),
      windowsSection(story),
      statefulSection(story),
      manyToManySection(story),
      manyToOneSection(story),
      ...oneToManySections(story),
      forecastingSection(UNITS)(story),
      stackedSection({ single: UNITS, stacked: STACKED_UNITS })(story),
      bidirectionalSection(story),
      autoencoderSection(story),
      boundariesSection(story),
      cycleSection(story),
      heldOutSection(story),
      leakSection(story),
      kernelsSection(UNITS)(story),
    ],
  };
}

/** What can be said of readings whose physics nobody stated. */
function ownChapters(data: TankData, options: DemoOptions, jobs: Jobs): Chapters {
  const epochs = epochsFor(options, { full: 40, quick: 12 });
  const own = {
    rows: data.readings.map((series) => series.toNested() as number[][]),
    features: data.features,
    heldOut: data.steps - data.trainSteps,
  };
  const seeds = Array.from({ length: OWN_FORECASTERS }, (_, index) =>
    index === 0 ? options.seed : random(options.seed).split(`forecaster ${index}`).seed,
  );
  const story: TankStory = {
    data,
    options,
    forecasters: jobs.start(
      'tank forecast',
      seeds.map((seed) => ({ seed, epochs, units: UNITS, own })),
    ),
  };
  const sections = [
    arraySection(story),
    windowsSection(story),
    statefulSection(story),
    forecastingSection(UNITS)(story),
    heldOutSection(story),
  ];
  return {
    title: 'Your readings: from an array to a forecast',
    lead: `${data.names.length} series of ${data.steps} steps with ${data.features.join(', ')}; the last ${data.steps - data.trainSteps} steps are held out. A season of ${HOURS_A_DAY} steps is assumed for the seasonal rule.`,
    sections: data.steps >= FEWEST_HUNT_DAYS * HOURS_A_DAY ? [...sections, ownHuntSection(story)] : sections,
  };
}
