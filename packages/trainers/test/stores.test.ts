import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IDBFactory } from 'fake-indexeddb';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { type CheckpointStore, createTrainer, folderStore, indexedDbStore, resume } from '../src/index.ts';
import { deleteFolderFile, readFolderFile, replaceFolderFile } from '../src/node/folder-files.browser.ts';
import { linearModel } from './hand-written-models.ts';
import { memoryFileSystem } from './memory-file-system.ts';

const root = mkdtempSync(join(tmpdir(), 'cellstate-'));
afterAll(() => rmSync(root, { recursive: true }));
afterEach(() => {
  vi.unstubAllGlobals();
});

/** The store that `folderStore` is in a browser. */
const browserFolder = (path: string): CheckpointStore => ({
  where: path,
  read: (name) => readFolderFile(path, name),
  write: (name, bytes) => replaceFolderFile(path, { name, bytes }),
  delete: (name) => deleteFolderFile(path, name),
});

const bytes = (...values: number[]) => Uint8Array.from(values);

describe.each<[string, () => CheckpointStore]>([
  ['a folder', () => folderStore(join(root, 'runs', 'a'))],
  [
    'a folder in a browser',
    () => {
      vi.stubGlobal('navigator', { storage: memoryFileSystem() });
      return browserFolder('runs/a');
    },
  ],
  [
    'a database',
    () => {
      vi.stubGlobal('indexedDB', new IDBFactory());
      return indexedDbStore('a');
    },
  ],
])('%s', (_, open) => {
  test('holds what was written last, by name', async () => {
    const store = open();
    expect(await store.read('checkpoint')).toBe(null);
    await store.delete('checkpoint');
    await store.write('checkpoint', bytes(1, 2, 3));
    await store.write('previous', bytes(9));
    await store.write('checkpoint', bytes(4, 5));
    expect([...((await store.read('checkpoint')) as Uint8Array)]).toEqual([4, 5]);
    await store.delete('checkpoint');
    expect(await store.read('checkpoint')).toBe(null);
    expect([...((await store.read('previous')) as Uint8Array)]).toEqual([9]);
    await store.delete('previous');
  });

  test('a trainer goes on from it', async () => {
    const store = open();
    const [model, other] = [linearModel(), linearModel({ kernel: [[3], [4]] })];
    const trainer = createTrainer(model, { loss: 'mse' });
    await trainer.trainOnBatch([[1, 2]], [3]);
    await trainer.save(store);
    const resumed = await resume(store, other);
    expect(await resumed.trainOnBatch([[1, 2]], [3])).toEqual(await trainer.trainOnBatch([[1, 2]], [3]));
    model.dispose();
    other.dispose();
  });
});

describe('a folder', () => {
  test('has one file, nothing left of the writing, and goes when it is empty', async () => {
    const path = join(root, 'one');
    const store = folderStore(path);
    await store.write('checkpoint', bytes(1));
    expect(readdirSync(path)).toEqual(['checkpoint.cellstate']);
    writeFileSync(join(path, '.checkpoint.cellstate.writing'), 'half of a checkpoint');
    await store.write('checkpoint', bytes(2));
    expect(readdirSync(path)).toEqual(['checkpoint.cellstate']);
    await store.delete('checkpoint');
    expect(existsSync(path)).toBe(false);
  });

  test('keeps what is not its own', async () => {
    const path = join(root, 'mine');
    const store = folderStore(path);
    await store.write('checkpoint', bytes(1));
    writeFileSync(join(path, 'model.keras'), 'the model');
    await store.delete('checkpoint');
    expect(readFileSync(join(path, 'model.keras'), 'utf8')).toBe('the model');
  });

  test('a place that cannot be written to leaves the checkpoint before', async () => {
    const file = join(root, 'file');
    writeFileSync(file, 'no folder');
    await expect(folderStore(join(file, 'runs')).write('checkpoint', bytes(1))).rejects.toThrowError(
      expect.objectContaining({ code: 'CHECKPOINT_NOT_WRITTEN', where: join(file, 'runs') }),
    );
    const store = folderStore(join(root, 'blocked'));
    await store.write('checkpoint', bytes(1));
    // A folder in the way of the temporary file.
    mkdirSync(join(root, 'blocked', '.checkpoint.cellstate.writing'));
    await expect(store.write('checkpoint', bytes(2))).rejects.toThrowError(expect.objectContaining({ code: 'CHECKPOINT_NOT_WRITTEN' }));
    expect([...((await store.read('checkpoint')) as Uint8Array)]).toEqual([1]);
    rmSync(join(root, 'blocked'), { recursive: true });
  });
});

describe('where there is none', () => {
  test('no IndexedDB', async () => {
    await expect(indexedDbStore('a').read('checkpoint')).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: There is no IndexedDB here. [NO_DATABASE]
        expected: a browser
        received: none
        where: the database 'a'
        hint: In Node give the path of a folder.]
    `);
    await expect(indexedDbStore('a').write('checkpoint', bytes(1))).rejects.toThrowError(expect.objectContaining({ code: 'NO_DATABASE' }));
  });

  test('no private file system', async () => {
    vi.stubGlobal('navigator', {});
    await expect(browserFolder('runs').read('checkpoint')).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: There is no file system for checkpoints here. [NO_FILE_SYSTEM]
        expected: Node, or a browser with the origin's private file system, in a secure context
        received: runs
        where: folderStore
        hint: Use indexedDbStore(name).]
    `);
    await expect(browserFolder('runs').write('checkpoint', bytes(1))).rejects.toThrowError(
      expect.objectContaining({ code: 'NO_FILE_SYSTEM' }),
    );
  });

  test('no room', async () => {
    const full = memoryFileSystem({ room: 3 });
    vi.stubGlobal('navigator', { storage: full });
    const store = browserFolder('runs');
    await store.write('checkpoint', bytes(1, 2));
    await expect(store.write('checkpoint', bytes(1, 2, 3, 4))).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The checkpoint could not be written; the one before is still there. [CHECKPOINT_NOT_WRITTEN]
        expected: room in the origin's private file system
        received: There is no room.
        where: runs]
    `);
    expect([...((await store.read('checkpoint')) as Uint8Array)]).toEqual([1, 2]);
    vi.stubGlobal('indexedDB', new IDBFactory());
    const database = indexedDbStore('b');
    await expect(database.write('checkpoint', (() => {}) as never)).rejects.toThrowError(
      expect.objectContaining({ code: 'CHECKPOINT_NOT_WRITTEN', where: "the database 'b'" }),
    );
  });
});
