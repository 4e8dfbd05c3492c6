import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beside, type OptionSubject } from '@cellstate/testing';
import {
  backupAndRestore,
  type Callback,
  createTrainer,
  modelCheckpoint,
  resume,
  sgd,
  type TrainableModel,
  tensorBoard,
} from '../src/index.ts';
import { linearModel } from './hand-written-models.ts';
import { memoryStore } from './memory-store.ts';
import { readEvents } from './read-events.ts';
import { scriptedFit } from './scripted-fit.ts';

type Options = Readonly<Record<string, unknown>>;

/** Four epochs of one batch, of which `loss` and `val_loss` have other best ones. */
const LOSSES = [3, 2, 4, 1];
const VALIDATION = [2, 4, 3, 1.5];

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

async function train(callback: Callback): Promise<void> {
  const { trainer } = await scriptedFit(LOSSES, [callback], { validation: VALIDATION });
  trainer.dispose();
}

/** What was written to the store of a backup, and what stays there. */
const backupSubject: OptionSubject = {
  make: (options) => backupAndRestore(memoryStore(), options),
  async observe(options) {
    const store = memoryStore();
    await train(backupAndRestore(store, options));
    return JSON.stringify([store.written.map(({ name, bytes }) => [name, bytes.length]), [...store.entries.keys()]]);
  },
  changes: () => ({ saveFreq: 2, doubleCheckpoint: true, deleteCheckpoint: false }),
};

/** The checkpoints in the folders of a run, to the byte, and the lines printed. */
function checkpointSubject(folder: string, printed: () => readonly unknown[]): OptionSubject {
  const make = (options: Options) => modelCheckpoint(join(folder, '{epoch}'), options);
  return {
    make,
    async observe(options) {
      const linesBefore = printed().length;
      mkdirSync(folder);
      try {
        await train(make(options));
        const files = filesIn(folder).map((file) => [relative(folder, file), readFileSync(file, 'base64')]);
        return JSON.stringify([files, printed().slice(linesBefore)]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    changes: () => ({
      monitor: beside({ saveBestOnly: true }, 'loss'),
      mode: beside({ saveBestOnly: true }, 'max'),
      saveBestOnly: true,
      saveWeightsOnly: true,
      saveFreq: 2,
      initialValueThreshold: beside({ saveBestOnly: true }, 1.75),
      verbose: 1,
      saveModel: ({ parameters }: TrainableModel, path: string) =>
        writeFileSync(path, parameters.map((parameter) => parameter.path).join()),
    }),
  };
}

/** The tags and steps of all events; the values of some are times. */
function eventsSubject(folder: string): OptionSubject {
  const make = (options: Options) => tensorBoard(folder, options);
  return {
    make,
    async observe(options) {
      try {
        await train(make(options));
        const events = filesIn(folder).map((file) =>
          readEvents(readFileSync(file)).map(({ step, values }) => [step, values.map(({ tag, plugin }) => [tag, plugin])]),
        );
        return JSON.stringify(events);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    changes: () => ({ updateFreq: 2, histogramFreq: 2, writeStepsPerSecond: true }),
  };
}

const DATA = {
  x: [
    [1, 2],
    [3, 4],
  ],
  y: [1, 2],
};

/** Where a trainer is that was saved in the middle of a fit, and where it goes: what is given again must be what was saved. */
const resumeSubject: OptionSubject = {
  make: (options) => resume(memoryStore(), linearModel(), options),
  async observe(options) {
    const store = memoryStore();
    const model = linearModel();
    const saving: Callback = {
      setRun(run) {
        this.onBatchEnd = (batch: number) => void (batch === 0 && run.save(store));
      },
    };
    const fit = { batchSize: 1, verbose: 0 } as const;
    try {
      const first = createTrainer(model, { optimizer: sgd({ learningRate: 0.01 }), loss: 'mse', seed: 3 });
      await first.fit(DATA, { ...fit, callbacks: [saving] });
      const trainer = await resume(store, model, options);
      const place = trainer.interrupted;
      const { history } = await trainer.fit(DATA, fit);
      return JSON.stringify([place, history, trainer.steps, model.parameters.map(({ variable }) => [...variable.dataSync()])]);
    } finally {
      model.dispose();
    }
  },
  changes: () => ({
    optimizer: sgd({ learningRate: 0.3 }),
    loss: 'mae',
    lossWeights: [3],
    metrics: ['mae'],
    weightedMetrics: ['mae'],
    seed: 7,
    interruptedFit: 'drop',
  }),
};

/**
 * What saves and goes on from it.
 *
 * @param folder to write below.
 * @param printed the lines printed so far.
 */
export function checkpointSubjects(folder: string, printed: () => readonly unknown[]): Readonly<Record<string, OptionSubject>> {
  return {
    backupAndRestore: backupSubject,
    modelCheckpoint: checkpointSubject(join(folder, 'checkpoints'), printed),
    tensorBoard: eventsSubject(join(folder, 'events')),
    resume: resumeSubject,
  };
}
