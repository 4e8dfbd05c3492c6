import { readFileSync } from 'node:fs';
import path from 'node:path';
import { add, dense, input, lstm, model, sequential } from '@cellstate/layers';
import { File, ready } from 'h5wasm';
import { loadModel, saveModel } from '../../src/index.ts';
import { changed, type Members, reconfigured } from '../keras-archive.ts';

// biome-ignore lint/suspicious/noExplicitAny: a refusal reaches anywhere into a configuration.
export type Anything = any;

/** A row: an input, an LSTM `memory` and a dense layer `out`. */
export async function rowFile(): Promise<Uint8Array> {
  return saveModel(sequential([lstm({ units: 2, name: 'memory', inputShape: [3, 2] }), dense({ units: 1, name: 'out' })], { name: 'row' }));
}

/** A graph: input `x`, dense `a`, which is called twice, dense `b`, and their sum `both`. */
async function graphFile(): Promise<Uint8Array> {
  const x = input({ shape: [2], name: 'x' });
  const a = dense({ units: 2, name: 'a' });
  const b = dense({ units: 2, name: 'b' });
  return saveModel(model({ inputs: x, outputs: add({ name: 'both' }).apply([a.apply(a.apply(x)), b.apply(x)]), name: 'graph' }));
}

/** Opens a row whose layer of this index was changed: 1 the LSTM, 2 the dense layer. */
export async function rowWith(change: (config: Anything) => void): Promise<unknown> {
  return loadModel(reconfigured(await rowFile(), change));
}

/** Opens a row with other options of its dense layer. */
export function denseWith(options: object): Promise<unknown> {
  return rowWith(({ config }) => Object.assign(config.layers[2].config, options));
}

/** Opens a row that was compiled so. */
export function compiledWith(settings: unknown): Promise<unknown> {
  return rowWith((config) => {
    config.compile_config = settings;
  });
}

/** Opens a graph whose layers, by name, were changed. */
export async function graphWith(change: (layers: Record<string, Anything>, config: Anything) => void): Promise<unknown> {
  const bytes = reconfigured(await graphFile(), ({ config }) =>
    change(Object.fromEntries(config.layers.map((layer: Anything) => [layer.name, layer])), config),
  );
  return loadModel(bytes);
}

/** Opens a row whose archive was changed. */
export async function archiveWith(change: (members: Members) => Members): Promise<unknown> {
  return loadModel(changed(await rowFile(), change));
}

/** Opens a row after its bytes were changed in place. */
export async function bytesWith(change: (view: DataView, at: Marks) => void): Promise<unknown> {
  const bytes = (await rowFile()).slice();
  const view = new DataView(bytes.buffer);
  const directory = view.getUint32(bytes.length - 6, true);
  change(view, { directory, end: bytes.length - 22, local: view.getUint32(directory + 42, true) });
  return loadModel(bytes);
}

/** Where a zip archive begins to list its members, where that list ends, and where the first one stands. */
export interface Marks {
  readonly directory: number;
  readonly end: number;
  readonly local: number;
}

/** Opens a row whose HDF5 file was made anew by h5wasm, with one group replaced: `layers/dense/vars`. */
export async function weightsWith(write: (group: Anything) => void, libver: Anything = 'earliest'): Promise<unknown> {
  const { FS } = await ready;
  const file = new File('/refusal.h5', 'w', { libver: [libver, 'latest'] });
  const place = (name: string) => file.create_group(name) as Anything;
  const values = (group: Anything, name: string, shape: number[]) =>
    group.create_dataset({ name, data: new Float32Array(shape.reduce((a, b) => a * b)), shape, dtype: '<f4' });
  for (const name of ['vars', 'layers', 'layers/dense', 'layers/lstm', 'layers/lstm/vars', 'layers/lstm/cell']) place(name);
  const cell = place('layers/lstm/cell/vars');
  values(cell, '0', [2, 8]);
  values(cell, '1', [2, 8]);
  values(cell, '2', [8]);
  write(place('layers/dense/vars'));
  file.close();
  const bytes = FS.readFile('/refusal.h5') as Uint8Array;
  return archiveWith((members) => ({ ...members, 'model.weights.h5': bytes }));
}

/** Opens a row after the message that says where the kernel of its dense layer lies was changed. */
export function layoutWith(change: (view: DataView, message: number) => void): Promise<unknown> {
  return archiveWith((members) => {
    const weights = (members['model.weights.h5'] as Uint8Array).slice();
    const view = new DataView(weights.buffer);
    // Version 3, contiguous, 8 bytes: two float32, as only that kernel has.
    for (let at = 0; at + 18 <= weights.length; at++) {
      if (view.getUint16(at, true) === 0x0103 && view.getBigUint64(at + 10, true) === 8n) {
        change(view, at);
        break;
      }
    }
    return { ...members, 'model.weights.h5': weights };
  });
}

/** A file of the corpus. */
export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(path.join(import.meta.dirname, '../fixtures', name)));
}
