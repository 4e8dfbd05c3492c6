import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';

const NAME = 'output';

/** What a job gave before the run was interrupted; undefined when it did not come to its end. */
export async function readOutput(folder: string): Promise<{ readonly output: unknown } | undefined> {
  const bytes = await readFile(join(folder, NAME)).catch(() => undefined);
  return bytes === undefined ? undefined : { output: deserialize(bytes) };
}

/** Keeps what a job gave: whole, or not at all. */
export async function keepOutput(folder: string, output: unknown): Promise<void> {
  await mkdir(folder, { recursive: true });
  const draft = join(folder, `${NAME}.partial`);
  await writeFile(draft, serialize(output));
  await rename(draft, join(folder, NAME));
}
