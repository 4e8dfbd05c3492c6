import fs, { writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { useBackend } from '@cellstate/backends';
import { backupAndRestore, type Callback, createTrainer } from '../../src/index.ts';
import { laneTraining, sampleTraining } from './trainings.ts';

/*
 * A program that trains twice with a backup after every third batch, to be killed at any moment and started again. It says on its
 * standard output when it reaches a moment, and there waits to be killed at the one its first argument names.
 */
const [folder, moment] = process.argv.slice(2) as [string, string];
const output = 1;
const counts = new Map<string, number>();

/** Says that a moment of this kind has come, and stands still if it is the one to be killed at. */
function reach(kind: string): void {
  const count = counts.get(kind) ?? 0;
  counts.set(kind, count + 1);
  const name = `${kind} ${count}`;
  writeSync(output, `${name}\n`);
  if (name === moment) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

watchWrites();
await useBackend('cpu');
const results: unknown[] = [];
for (const [name, training] of Object.entries({ lanes: laneTraining, samples: sampleTraining })) {
  const model = training.model();
  const trainer = createTrainer(model, training.trainer);
  const options = training.fit();
  const backup = backupAndRestore(join(folder, name), { saveFreq: 3, deleteCheckpoint: false });
  const watch: Callback = {
    onTrainBegin: () => reach(`${name} begun`),
    onBatchEnd: () => reach(`${name} batch`),
    onTestBatchEnd: () => reach(`${name} validation`),
    onEpochEnd: () => reach(`${name} epoch`),
    onTrainEnd: () => reach(`${name} ended`),
  };
  const { history, epoch } = await trainer.fit(training.data(), { ...options, callbacks: [watch, backup, ...options.callbacks] });
  const weights = model.getWeights().map(({ data }) => Buffer.from(data.slice().buffer).toString('hex'));
  results.push({ name, steps: trainer.steps, rate: trainer.learningRate, history, epoch, weights });
}
fs.writeFileSync(join(folder, 'results.json'), JSON.stringify(results));

/** Stands between the program and its disk: every write is done in halves, and each stage of it is a moment. */
function watchWrites(): void {
  const { open, rename } = fs.promises;
  const between = async <T>(stage: string, act: () => Promise<T>): Promise<T> => {
    const done = await act();
    reach(`write ${stage}`);
    return done;
  };
  fs.promises.open = async (path, ...rest) => {
    const handle = await between(String(path).endsWith('.writing') ? 'opened' : 'folder opened', () => open(path, ...rest));
    const { sync } = handle;
    handle.writeFile = async (bytes) => {
      const all = bytes as Uint8Array;
      await between('half', () => handle.write(all, 0, all.length >> 1));
      await between('whole', () => handle.write(all, all.length >> 1));
    };
    handle.sync = () => between(String(path).endsWith('.writing') ? 'synced' : 'folder synced', () => sync.call(handle));
    return handle;
  };
  fs.promises.rename = (from, to) => between('renamed', () => rename(from, to));
  syncBuiltinESMExports();
}
