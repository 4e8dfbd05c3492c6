import { type Row, rowFeatures, writeRow } from '../series/row-source.ts';

/** Rows as they arrive, kept only as long as a window may need them: never more than twice a window's reach. */
export interface WindowBuffer {
  /** Features of a row; 0 before the first one. */
  readonly features: number;
  /** Rows taken so far. */
  readonly taken: number;
  /** Rows there is room for; never grows. */
  readonly capacity: number;
  /** Takes one row; true when it completes a window. */
  push(row: Row): boolean;
  /** The value of the completed window at `row` rows from its start. */
  value(row: number, feature: number): number;
}

/** Collects rows into windows of `reach` rows, a window starting at every `stride`-th row. */
export function windowBuffer({
  reach,
  stride,
  where,
}: {
  readonly reach: number;
  readonly stride: number;
  readonly where: string;
}): WindowBuffer {
  const capacity = 2 * reach;
  let rows = new Float32Array(0);
  let features = 0;
  let taken = 0;
  /** First row of the window being collected, and the row at slot 0. */
  let start = 0;
  let base = 0;
  let complete = 0;
  return {
    get features() {
      return features;
    },
    get taken() {
      return taken;
    },
    capacity,
    push(row) {
      if (taken === 0) {
        features = rowFeatures(row);
        rows = new Float32Array(capacity * features);
      }
      const index = taken++;
      if (index < start) {
        // Between windows: checked, not kept.
        writeRow(row, { into: [], offset: 0, features, index, where });
        return false;
      }
      if (index - base >= capacity) {
        rows.copyWithin(0, (start - base) * features, (index - base) * features);
        base = start;
      }
      writeRow(row, { into: rows, offset: (index - base) * features, features, index, where });
      if (index + 1 !== start + reach) return false;
      complete = start;
      start += stride;
      return true;
    },
    value: (row, feature) => rows[(complete - base + row) * features + feature] as number,
  };
}
