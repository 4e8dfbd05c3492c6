import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openOutputFolder } from '../../src/output/output-folder.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cellstate-out-'));
});
afterEach(() => rm(root, { recursive: true }));

describe('openOutputFolder', () => {
  it('shows nothing under its name before commit and everything after', async () => {
    const folder = await openOutputFolder(join(root, 'out', 'tank'));
    await folder.write('metrics.json', '{}');
    expect(existsSync(join(root, 'out', 'tank'))).toBe(false);
    await folder.commit();
    await folder.discard();
    expect(await readdir(join(root, 'out'))).toEqual(['tank']);
    expect(await readFile(join(root, 'out', 'tank', 'metrics.json'), 'utf8')).toBe('{}');
  });

  it('takes away the draft of a run that was killed, and leaves that of one that runs', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    for (const draft of [`.tank-${pid}.partial`, `.tank-${process.ppid}.partial`, `.stock-${pid}.partial`]) await mkdir(join(root, draft));
    const folder = await openOutputFolder(join(root, 'tank'));
    await folder.discard();
    expect((await readdir(root)).sort()).toEqual([`.stock-${pid}.partial`, `.tank-${process.ppid}.partial`]);
  });

  it('leaves the folder as it was when discarded, and takes back the folders it made', async () => {
    const folder = await openOutputFolder(join(root, 'a', 'b', 'tank'));
    await folder.write('metrics.json', '{');
    await folder.discard();
    expect(await readdir(root)).toEqual([]);
  });

  it('replaces an earlier output and keeps files of others', async () => {
    await mkdir(join(root, 'tank'));
    await writeFile(join(root, 'tank', 'report.html'), 'old');
    await writeFile(join(root, 'tank', 'notes.txt'), 'mine');
    const folder = await openOutputFolder(join(root, 'tank'));
    await folder.write('report.html', 'new');
    await folder.commit();
    expect((await readdir(join(root, 'tank'))).sort()).toEqual(['notes.txt', 'report.html']);
    expect(await readFile(join(root, 'tank', 'report.html'), 'utf8')).toBe('new');
    expect(await readFile(join(root, 'tank', 'notes.txt'), 'utf8')).toBe('mine');
    expect(await readdir(root)).toEqual(['tank']);
  });

  it('refuses a path that is a file or lies in one', async () => {
    await writeFile(join(root, 'file'), '');
    await expect(openOutputFolder(join(root, 'file'))).rejects.toThrow(/OUTPUT_NOT_WRITABLE/);
    await expect(openOutputFolder(join(root, 'file', 'tank'))).rejects.toThrow(/OUTPUT_NOT_WRITABLE/);
  });
});
