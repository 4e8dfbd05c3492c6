import { startContestant } from './contestant-child.ts';
import type { Entry } from './entries.ts';
import type { Task } from './task.ts';

/** The most memory that a process of its own has held, in bytes. */
export interface MemoryUse {
  readonly entry: Entry;
  /** With the library loaded and no model made. */
  readonly loaded: number;
  /** After training. */
  readonly peak: number;
}

/** Trains a task's model in a fresh process for so many steps; null where the contestant is not installed. */
export async function measureMemory(entry: Entry, { task, steps }: { task: Task; steps: number }): Promise<MemoryUse | null> {
  const child = await startContestant(entry);
  if ('why' in child) return null;
  try {
    const loaded = await child.peakBytes();
    await child.prepare(task);
    await child.run(steps);
    return { entry, loaded, peak: await child.peakBytes() };
  } finally {
    child.stop();
  }
}
