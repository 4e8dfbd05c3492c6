import { existsSync, mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { EventFile } from './event-file.ts';
import { summaryRecord, versionRecord } from './event-records.ts';
import { openTextFile } from './text-file.node.ts';

/** Opens an event file at its end; without a name a new one, named so that TensorBoard finds it. */
export function openEventFile(folder: string, name: string = newName(folder)): EventFile {
  const file = openTextFile(join(folder, name), { append: true });
  return {
    name,
    get size() {
      return file.size;
    },
    write(values, step) {
      const seconds = Date.now() / 1000;
      mkdirSync(folder, { recursive: true });
      if (file.size === 0) file.write(versionRecord(seconds));
      file.write(summaryRecord(values, { step, seconds }));
    },
    truncate: (size) => file.truncate(size),
  };
}

/** TensorBoard reads files in the order of their names, which begin with the second they were made in. */
function newName(folder: string): string {
  const stem = `events.out.tfevents.${Math.floor(Date.now() / 1000)}.${hostname()}.${process.pid}`;
  let number = 0;
  while (existsSync(join(folder, `${stem}.${number}.v2`))) number++;
  return `${stem}.${number}.v2`;
}
