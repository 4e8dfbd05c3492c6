import type { TypedRows } from '../series/typed-rows.ts';
import type { SequenceReader } from './sequence-reader.ts';
import type { Sequence } from './sequences.ts';

/** A stretch of a long series, in memory. */
export interface RowSection {
  readonly section: Sequence;
  /** Number of its first step in the series. */
  readonly first: number;
}

/** Cuts what a reader reads into sections of `steps` steps, the last one as long as what is left; one is held at a time. */
export async function* rowSections(reader: SequenceReader, steps: number): AsyncGenerator<RowSection, undefined> {
  try {
    if (!(await reader.open())) return undefined;
    const { x, y } = reader;
    let first = 0;
    while (!reader.ended) {
      const batch = { x: new Float32Array(steps * x.width), y: y === undefined ? undefined : new Float32Array(steps * y.width) };
      const count = await reader.read({ batch, lane: 0, steps });
      const rows = (data: Float32Array, width: number): TypedRows => ({
        data: data.subarray(0, count * width),
        steps: count,
        tail: [width],
        width,
      });
      yield {
        section: {
          steps: count,
          x: rows(batch.x, x.width),
          y: y === undefined || batch.y === undefined ? undefined : rows(batch.y, y.width),
        },
        first,
      };
      first += count;
    }
    return undefined;
  } finally {
    await reader.close();
  }
}
