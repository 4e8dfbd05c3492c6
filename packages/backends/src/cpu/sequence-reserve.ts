import type { CellStructure } from './cell-structure.ts';

export interface SequenceSizes {
  readonly batch: number;
  readonly time: number;
  readonly features: number;
  readonly units: number;
}

/**
 * Where things begin in the one array that the forward pass keeps for the backward pass. Steps are in the order computed,
 * time-major; hidden and cell have one step more, the initial state. What is absent takes no room.
 */
export interface SequenceReserve {
  /** Gates after their activations, and in the backward pass their derivatives: `[time, batch, G · units]`. */
  readonly gates: number;
  /** `[time + 1, batch, units]` */
  readonly hidden: number;
  /** `[time + 1, batch, units]` */
  readonly cell: number;
  /** What the cell's steps keep besides: `[time, batch, units]`. */
  readonly kept: number;
  /** `[batch, time]`, as given. */
  readonly mask: number;
  /** `[G, batch, features]` */
  readonly inputDropout: number;
  /** `[G, batch, units]` */
  readonly recurrentDropout: number;
  readonly length: number;
}

export interface ReserveFlags {
  readonly hasMask: boolean;
  readonly hasInputDropout: boolean;
  readonly hasRecurrentDropout: boolean;
}

export function sequenceReserve(cell: CellStructure, { batch, time, features, units }: SequenceSizes, has: ReserveFlags): SequenceReserve {
  const step = batch * units;
  const hidden = cell.gates * time * step;
  const cellState = hidden + (time + 1) * step;
  const kept = cellState + (cell.states === 2 ? (time + 1) * step : 0);
  const mask = kept + (cell.keeps ? time * step : 0);
  const inputDropout = mask + (has.hasMask ? batch * time : 0);
  const recurrentDropout = inputDropout + (has.hasInputDropout ? cell.gates * batch * features : 0);
  const length = recurrentDropout + (has.hasRecurrentDropout ? cell.gates * step : 0);
  return { gates: 0, hidden, cell: cellState, kept, mask, inputDropout, recurrentDropout, length };
}
