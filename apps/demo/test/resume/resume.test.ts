import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { useBackend } from '@cellstate/backends';
import { ndarray } from '@cellstate/core';
import { loadModel } from '@cellstate/keras';
import { dense, sequential } from '@cellstate/layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoOptions } from '../../src/demo-options.ts';
import type { Example } from '../../src/example/example.ts';
import { runExample } from '../../src/example/run-example.ts';
import { backupFolder, openBackups, removeBackups } from '../../src/resume/run-backups.ts';
import { trainOnDays } from '../../src/tank/day-task.ts';
import { awaitJobs } from '../../src/tank/tank-story.ts';
import { trainModel } from '../../src/tank/training.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'cellstate-resume-'));
});
afterAll(() => rm(root, { recursive: true }));

const optionsFor = (name: string, resume = false): DemoOptions => ({
  seed: 3,
  epochs: 2,
  out: join(root, name),
  quick: true,
  resume,
  data: undefined,
});

const TASKS = [4, 5].map((seed) => ({ seed, epochs: 2, units: 3 }));

/** Two jobs, a training of the page's own, and one more job. */
const example: Example = {
  name: 'small',
  async open(_options, jobs) {
    const first = jobs.start('tank windows', TASKS);
    const last = jobs.start('tank windows', [{ seed: 6, epochs: 2, units: 2 }]);
    return {
      title: 'Small',
      lead: 'A run to interrupt.',
      sections: [
        {
          id: 'jobs',
          title: 'Jobs',
          async run(page) {
            const outcomes = await awaitJobs(page, 'windows', first);
            page.metric(
              'losses',
              outcomes.map(({ losses }) => [...losses]),
            );
          },
        },
        {
          id: 'own',
          title: 'A training of its own',
          async run(page) {
            const model = sequential([dense({ units: 2, inputShape: [2] })], { seed: 9 });
            const x = ndarray(
              Float32Array.from({ length: 40 }, (_, i) => Math.sin(i)),
              [20, 2],
            );
            page.metric('losses', [...(await trainOnDays(page, model, { x, y: x }, { label: 'own', epochs: 3, seed: 9 }))]);
            await page.model('own', model);
            model.dispose();
          },
        },
        {
          id: 'last',
          title: 'The last job',
          async run(page) {
            const [outcome] = await awaitJobs(page, 'windows', last);
            page.metric('losses', [...(outcome?.losses ?? [])]);
          },
        },
      ],
    };
  },
};

/** Runs it; where `breakAt` is to be printed the terminal breaks, and the run with it. */
async function run(options: DemoOptions, breakAt?: string): Promise<void> {
  const stdout = new Writable({ write: (_chunk, _encoding, done) => done() });
  if (breakAt !== undefined) {
    stdout.write = ((chunk: string) => {
      if (chunk.includes(breakAt)) throw new Error('interrupted');
      return true;
    }) as typeof stdout.write;
  }
  await runExample(example, options, stdout);
}

const metricsOf = ({ out }: DemoOptions) => readFile(join(out, 'small', 'metrics.json'), 'utf8');

describe('a run that was interrupted', () => {
  it('goes on to the same numbers, without the trainings that were done', async () => {
    const whole = optionsFor('whole');
    await run(whole);
    const cut = optionsFor('cut');
    await expect(run(cut, 'The last job')).rejects.toThrow('interrupted');
    expect(existsSync(join(cut.out, 'small'))).toBe(false);
    const backups = backupFolder(cut, 'small');
    expect((await readdir(backups)).sort()).toEqual(['options.json', 'own-1', 'tank-windows-1', 'tank-windows-2']);
    const kept = (folder: string) => stat(join(backups, folder)).then(({ mtimeMs }) => mtimeMs);
    const before = [await kept('own-1/checkpoint.cellstate'), await kept('tank-windows-1/output')];

    await run({ ...cut, resume: true });
    expect(await metricsOf(cut)).toBe(await metricsOf(whole));
    expect([await kept('own-1/checkpoint.cellstate'), await kept('tank-windows-1/output')]).toEqual(before);
    removeBackups(cut);
    expect(await readdir(cut.out)).toEqual(['small']);
  });

  it('leaves the models of a whole one, which open again', async () => {
    const [whole, cut] = await Promise.all(['whole', 'cut'].map((name) => loadModel(join(root, name, 'small', 'own.keras'))));
    expect(cut?.getWeights().map(({ data }) => data)).toEqual(whole?.getWeights().map(({ data }) => data));
    expect(cut?.countParams()).toBe(6);
    whole?.dispose();
    cut?.dispose();
  });

  it('is not resumed with other options', () => {
    const options = optionsFor('options');
    openBackups('tank', options).next('forecast');
    expect(() => openBackups('tank', { ...options, resume: true })).not.toThrow();
    expect(() => openBackups('tank', { ...options, seed: 4, resume: true })).toThrow(/RUN_DIFFERS/);
    expect(() => openBackups('tank', { ...options, seed: 4 })).not.toThrow();
  });

  it('leaves nothing to one that begins anew', async () => {
    const options = optionsFor('anew');
    const folder = openBackups('tank', options).next('forecast');
    await runTraining(folder, 2);
    expect(existsSync(folder)).toBe(true);
    expect(openBackups('tank', { ...options, resume: true }).next('forecast')).toBe(folder);
    expect(existsSync(folder)).toBe(true);
    expect(openBackups('tank', options).next('forecast')).toBe(folder);
    expect(existsSync(folder)).toBe(false);
  });
});

/** Trains for some epochs, or until one of them throws; gives the epochs it went through and the losses. */
async function runTraining(backup: string | undefined, epochs: number, throwAfter?: number) {
  await useBackend('cpu');
  const model = sequential([dense({ units: 1, inputShape: [1] })], { seed: 1 });
  const seen: number[] = [];
  const x = [[1], [2], [3], [4]];
  const training = trainModel(
    model,
    { x, y: x },
    {
      epochs,
      updates: 2,
      learningRate: 0.01,
      seed: 1,
      batchSize: 2,
      backup,
      onEpoch(done) {
        seen.push(done);
        if (done === throwAfter) throw new Error('interrupted');
      },
    },
  );
  const losses = await training.then(
    (trained) => {
      trained.trainer.dispose();
      return trained.losses;
    },
    () => undefined,
  );
  const weights = model.getWeights().map(({ data }) => Array.from(data));
  model.dispose();
  return { seen, losses, weights };
}

describe('a training', () => {
  it('that came to its end is not run again', async () => {
    const folder = join(root, 'training');
    const first = await runTraining(folder, 3);
    const again = await runTraining(folder, 3);
    expect(first.seen).toEqual([1, 2, 3]);
    expect(again).toEqual({ ...first, seen: [] });
    expect(await runTraining(undefined, 3)).toEqual(first);
  });
});
