import type { Writable } from 'node:stream';
import cliProgress from 'cli-progress';
import type { Progress } from '../example/page.ts';

/** A bar on one line that vanishes when it stops; nothing at all where the stream is no terminal. */
export function progressBar(stream: Writable & { readonly isTTY?: boolean }, label: string, total: number): Progress {
  if (stream.isTTY !== true) return { update() {}, stop() {} };
  const bar = new cliProgress.SingleBar({
    stream: stream as NodeJS.WriteStream,
    format: `  ${label} {bar} {percentage}%  {note}`,
    barCompleteChar: '━',
    barIncompleteChar: '─',
    barsize: 28,
    clearOnComplete: true,
    emptyOnZero: true,
  });
  bar.start(total, 0, { note: '' });
  return {
    update: (done, note = '') => bar.update(Math.min(done, total), { note }),
    stop: () => bar.stop(),
  };
}
