import { CellstateError, describe } from '@cellstate/core';
import type { LaneForm } from './lane-batch.ts';

/** The form of a sequence's steps. */
export interface SequenceForm {
  /** Its number of steps, when known; one without steps may have any form. */
  readonly steps?: number;
  readonly x: LaneForm;
  readonly y: LaneForm | undefined;
}

/** The error of sequences that hold nothing to learn from. */
export function noSteps(where: string): CellstateError {
  return new CellstateError('NO_STEPS', 'No sequence holds a step.', {
    expected: 'at least one step, with targets "next" at least two',
    received: 'none',
    where,
  });
}

/** Refuses a sequence whose steps have another form than the first one's. */
export function checkForms(list: readonly SequenceForm[], where: string): void {
  const first = list.find((sequence) => sequence.steps !== 0);
  for (const [index, sequence] of list.entries()) {
    if (sequence.steps === 0) continue;
    for (const side of ['x', 'y'] as const) {
      const expected = first?.[side];
      const received = sequence[side];
      if (describe(expected?.tail ?? []) === describe(received?.tail ?? []) && expected?.data.constructor === received?.data.constructor)
        continue;
      throw new CellstateError('FEATURES_DIFFER', 'All sequences must have the same features.', {
        expected: form(expected),
        received: form(received),
        where: `${where}, sequence ${index}, ${side}`,
      });
    }
  }
}

function form(rows: LaneForm | undefined): string {
  if (rows === undefined) return `no targets`;
  return `${describe([null, ...rows.tail])} of ${rows.data instanceof Float32Array ? 'floats' : 'integers'}`;
}
