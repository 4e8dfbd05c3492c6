import { CellstateError } from '@cellstate/core';

/** A group to write, with all that is in it. */
export interface Hdf5Tree {
  readonly groups: Readonly<Record<string, Hdf5Tree>>;
  readonly datasets: Readonly<Record<string, { readonly data: Float32Array; readonly shape: readonly number[] }>>;
  readonly texts?: Readonly<Record<string, string>>;
}

/** The bytes of an HDF5 file in the form of h5py's, which every version of the library reads. */
export async function writeHdf5(root: Hdf5Tree): Promise<Uint8Array> {
  const { File, ready } = await import('h5wasm');
  const { FS } = await ready;
  const name = `/cellstate-${++files}.h5`;
  const file = new File(name, 'w', { libver: ['earliest', 'latest'] });
  try {
    writeGroup(file, root);
  } finally {
    file.close();
  }
  const bytes = FS.readFile(name);
  FS.unlink(name);
  if (bytes.length > 0) return bytes;
  // invariant: only a library that ran out of memory leaves nothing.
  throw new CellstateError('FILE_NOT_WRITTEN', 'The weights could not be written.', {
    expected: 'the bytes of a file',
    received: 'none',
    where: 'HDF5',
  });
}

let files = 0;

interface Target {
  create_group(name: string): Target;
  create_attribute(name: string, text: string): void;
  create_dataset(dataset: { name: string; data: Float32Array; shape: number[]; dtype: string }): unknown;
}

function writeGroup(target: Target, { groups, datasets, texts = {} }: Hdf5Tree): void {
  for (const [name, text] of Object.entries(texts)) target.create_attribute(name, text);
  for (const [name, { data, shape }] of Object.entries(datasets)) {
    target.create_dataset({ name, data, shape: [...shape], dtype: '<f4' });
  }
  for (const [name, group] of Object.entries(groups)) writeGroup(target.create_group(name), group);
}
