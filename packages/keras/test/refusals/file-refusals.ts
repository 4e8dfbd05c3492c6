import { dense, input, lambda, lstm, model, sequential } from '@cellstate/layers';
import type { Refusal } from '@cellstate/testing';
import * as tf from '@tensorflow/tfjs-core';
import { zipSync } from 'fflate';
import { disk as browserDisk } from '../../src/bytes/disk.browser.ts';
import { createMeter } from '../../src/hdf5/meter.ts';
import { loadModel, loadWeights, saveModel, saveWeights } from '../../src/index.ts';
import { changed } from '../keras-archive.ts';
import { archiveWith, bytesWith, fixture, layoutWith, rowFile, weightsWith } from './changed-files.ts';

const anything = (value: unknown) => value as never;
const text = (value: string) => new TextEncoder().encode(value);
const row = (options = {}) => sequential([dense({ units: 1, inputShape: [2], ...options })]);
const archive = (members: Record<string, Uint8Array>, level: 0 | 9 = 0) => loadModel(zipSync(members, { level }));
const whole = { 'config.json': text('{}'), 'model.weights.h5': new Uint8Array(9) };

/** What is refused of an archive. */
export const ARCHIVE_REFUSALS: readonly Refusal[] = [
  ['bytes of another format', () => loadModel(text('{"format": "layers-model"}'))],
  ['weights of another format', async () => loadWeights(row(), text('{}'))],
  ['an archive cut short', async () => loadModel((await rowFile()).slice(0, 500))],
  ['an archive without weights', () => archive({ 'config.json': text('{}') })],
  ['an archive of weights in parts', () => archive({ 'config.json': text('{}'), 'model.weights.json': text('{}') })],
  ['a path out of the archive', () => archive({ ...whole, '../evil.txt': new Uint8Array(1) })],
  ['an archive that unpacks to far more', () => archive({ ...whole, 'model.weights.h5': new Uint8Array(32 * 2 ** 20) }, 9)],
  [
    'members larger than allowed together',
    () =>
      loadModel(zipSync({ 'config.json': new Uint8Array(900), 'model.weights.h5': new Uint8Array(900) }, { level: 9 }), { maxBytes: 1000 }),
  ],
  ['a file larger than allowed', async () => loadModel(await rowFile(), { maxBytes: 100 })],
  [
    'a member larger than allowed',
    async () => loadModel(zipSync({ ...whole, 'model.weights.h5': new Uint8Array(9999) }, { level: 9 }), { maxBytes: 2000 }),
  ],
  ['a split archive', () => bytesWith((view, { end }) => view.setUint16(end + 4, 1, true))],
  ['more members than any model has', () => bytesWith((view, { end }) => view.setUint16(end + 10, 20_000, true))],
  ['a list of members that ends early', () => bytesWith((view, { end }) => view.setUint16(end + 10, 9, true))],
  ['a name beyond the end', () => bytesWith((view, { directory }) => view.setUint16(directory + 28, 0xffff, true))],
  ['an encrypted member', () => bytesWith((view, { directory }) => view.setUint16(directory + 8, 1, true))],
  ['a member packed in another way', () => bytesWith((view, { directory }) => view.setUint16(directory + 10, 14, true))],
  ['a zip64 member', () => bytesWith((view, { directory }) => view.setUint32(directory + 24, 0xffffffff, true))],
  ['a member elsewhere', () => bytesWith((view, { directory }) => view.setUint32(directory + 42, 3, true))],
  ['a member beyond the end', () => bytesWith((view, { directory }) => view.setUint32(directory + 20, 0xfffffff, true))],
  ['a member with two names', () => bytesWith((view, { local }) => view.setUint8(local + 30, 0x4d))],
  ['a stored member of two sizes', () => bytesWith((view, { directory }) => view.setUint32(directory + 24, 5, true))],
  ['a wrong checksum', () => bytesWith((view, { directory }) => view.setUint32(directory + 16, 5, true))],
  ['a member that occurs twice', async () => loadModel(twice(await rowFile()))],
  ['a member that does not unpack', () => loadModel(deflated((view, start) => view.setUint8(start, 0xff)))],
  ['a member that unpacks to less', () => loadModel(deflated((view, _, directory) => view.setUint32(directory + 24, 900, true)))],
  ['a configuration that is no JSON', () => archiveWith((members) => ({ ...members, 'config.json': text('') }))],
  ['a configuration that is a list', () => archiveWith((members) => ({ ...members, 'config.json': text('[]') }))],
  [
    'a configuration nested without end',
    () => archiveWith((members) => ({ ...members, 'config.json': text(`${'['.repeat(300)}${']'.repeat(300)}`) })),
  ],
];

/** The second entry of the list of members takes the name of the first, which is as long, and its place. */
function twice(bytes: Uint8Array): Uint8Array {
  const doubled = changed(bytes, ({ 'config.json': config, ...members }) => ({
    'config.json': config as Uint8Array,
    'config.jsom': config as Uint8Array,
    ...members,
  }));
  const from = text('config.jsom');
  for (let at = 0; at < doubled.length - from.length; at++)
    if (from.every((byte, i) => doubled[at + i] === byte)) doubled.set(text('config.json'), at);
  return doubled;
}

/** A packed archive, after its first member or the list of members was changed. */
function deflated(change: (view: DataView, start: number, directory: number) => void): Uint8Array {
  const packed = zipSync({ 'config.json': text(' '.repeat(500)), 'model.weights.h5': new Uint8Array(9) }, { level: 9 });
  const view = new DataView(packed.buffer);
  change(view, 30 + 'config.json'.length, view.getUint32(packed.length - 6, true));
  return packed;
}

/** A whole model of Keras 2 in which a text of the file was replaced by one as long. */
function legacyWith(pattern: RegExp, replace: (found: string) => string): Uint8Array {
  const bytes = fixture('keras-2.15.0/gates.h5');
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return Uint8Array.from(letters.replace(pattern, replace), (letter) => letter.charCodeAt(0));
}

/** A row of five layers with weights, as the model of that file has. */
function five(first: ReturnType<typeof dense>) {
  return sequential([first, ...[1, 2, 3, 4].map(() => dense({ units: 1 }))]);
}

/** What is refused of HDF5. */
export const HDF5_REFUSALS: readonly Refusal[] = [
  ['weights that are no HDF5', () => archiveWith((members) => ({ ...members, 'model.weights.h5': new Uint8Array(99) }))],
  [
    'HDF5 of eight bytes',
    () => archiveWith((members) => ({ ...members, 'model.weights.h5': (members['model.weights.h5'] as Uint8Array).slice(0, 9) })),
  ],
  ['HDF5 cut short', () => loadModel(fixture('keras-3.15.1/row.h5').slice(0, -8))],
  [
    'HDF5 with nothing in it',
    () => archiveWith((members) => ({ ...members, 'model.weights.h5': (members['model.weights.h5'] as Uint8Array).fill(0, 96) })),
  ],
  [
    'weights that are texts',
    () =>
      weightsWith((group) => {
        group.create_dataset({ name: '0', data: ['a', 'b'], shape: [2, 1], dtype: 'S1' });
        group.create_dataset({ name: '1', data: new Float32Array(1), shape: [1], dtype: '<f4' });
      }),
  ],
  [
    'weights in pieces',
    () =>
      weightsWith((group) => {
        group.create_dataset({ name: '0', data: new Float32Array(2), shape: [2, 1], chunks: [1, 1], compression: 1, dtype: '<f4' });
        group.create_dataset({ name: '1', data: new Float32Array(1), shape: [1], dtype: '<f4' });
      }),
  ],
  ['weights behind a link', () => weightsWith((group) => ['0', '1'].map((name) => group.create_soft_link('/vars', name)))],
  ['weights in another version of the layout', () => layoutWith((view, at) => view.setUint8(at, 9))],
  ['weights beyond the end', () => layoutWith((view, at) => view.setBigUint64(at + 2, 2n ** 40n, true))],
  ['weights that go on beyond the end', () => layoutWith((view, at) => view.setBigUint64(at + 2, BigInt(view.byteLength - 4), true))],
  ['weights without a place', () => layoutWith((view, at) => view.setUint16(at - 8, 0, true))],
  ['HDF5 that refers to itself', () => createMeter(1, 'model.weights.h5').charge(2 ** 30)],
  [
    'a group in the dense form',
    () =>
      weightsWith((group) => {
        for (let i = 0; i < 20; i++) group.create_dataset({ name: String(i), data: new Float32Array(1), shape: [1], dtype: '<f4' });
      }, 'latest'),
  ],
  [
    'weights of another shape',
    () =>
      weightsWith((group) => {
        group.create_dataset({ name: '0', data: new Float32Array(4), shape: [2, 2], dtype: '<f4' });
        group.create_dataset({ name: '1', data: new Float32Array(1), shape: [1], dtype: '<f4' });
      }),
  ],
  ['too few weights', () => weightsWith(() => {})],
  ['weights alone for a model', () => loadModel(fixture('keras-2.15.0/gates.weights-only.h5'))],
  ['a model of Keras 2 that is a number', () => loadModel(legacyWith(/[{]"class_name.*?(?=\0)/s, (found) => '7'.padEnd(found.length)))],
  ['weights of Keras 2 that are not there', () => loadModel(legacyWith(/lstm_cell\/kernel:0/, () => 'lstm_cell/kernex:0'))],
  [
    'weights of Keras 2 for layers of other kinds',
    () => loadWeights(five(dense({ units: 3, inputShape: [4, 3] })), fixture('keras-2.15.0/gates.h5')),
  ],
  [
    'weights of Keras 2 for other units',
    () => loadWeights(five(lstm({ units: 2, returnSequences: true, inputShape: [4, 3] })), fixture('keras-2.15.0/gates.h5')),
  ],
  ['weights of Keras 2 for another number of layers', () => loadWeights(row(), fixture('keras-2.15.0/gates.h5'))],
];

const steps = input({ shape: [3, 2] });

/** What is refused of arguments, and what cannot be written. */
export const ARGUMENT_REFUSALS: readonly Refusal[] = [
  ['a file that is not there', () => loadModel('no-folder/none.keras')],
  ['a file that is a number', () => loadModel(anything(7))],
  ['no bytes allowed', async () => loadModel(await rowFile(), { maxBytes: -1 })],
  ['an option of Keras', async () => loadModel(await rowFile(), anything({ safeMode: false }))],
  ['an unknown option of loadWeights', async () => loadWeights(row(), await rowFile(), anything({ skipMismatch: true }))],
  ['an unknown option of saveModel', () => saveModel(row(), undefined, anything({ overwrite: true }))],
  ['a layer for a model', () => saveModel(anything(dense({ units: 1 })))],
  ['another ending', () => saveModel(row(), 'model.h5')],
  ['a folder that is not there', () => saveWeights(row(), 'no-folder/model.weights.h5')],
  ['a file on disk larger than allowed', () => loadModel('test/fixtures/keras-3.15.1/row.keras', { maxBytes: 100 })],
  ['a path to read in a browser', () => browserDisk.read('model.keras', 1)],
  ['a path to write in a browser', () => browserDisk.write('model.keras', new Uint8Array(1))],
  ['a lambda layer to write', () => saveModel(sequential([lambda({ function: (x) => x as tf.Tensor, inputShape: [2] })]))],
  ['an activation of your own to write', () => saveModel(row({ activation: (x: tf.Tensor) => tf.neg(x) }))],
  ['an initializer of your own to write', () => saveModel(row({ kernelInitializer: () => new Float32Array(2) }))],
  ["Keras 2's hard_sigmoid to write", async () => saveModel(await loadModel(fixture('keras-2.15.0/gates.h5')))],
  ['masks without words to write', () => saveModel(model({ inputs: steps, outputs: lstm({ units: 1 }).apply(steps, { mask: null }) }))],
  ['a loss of your own to write', () => saveModel(row(), undefined, { compileConfig: { loss: () => tf.scalar(1) } as never })],
  ['an optimizer of your own to write', () => saveModel(row(), undefined, { compileConfig: { optimizer: {} } as never })],
  [
    'an option of your own to write',
    () => saveModel(row(), undefined, { compileConfig: { optimizer: { name: 'adam', learningRate: () => 1 } } as never }),
  ],
];
