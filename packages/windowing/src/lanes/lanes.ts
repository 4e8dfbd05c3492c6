import { checkOptions, isNdArray, type NdArray } from '@cellstate/core';
import { isAsyncSource } from '../series/row-source.ts';
import { isSeries, type Series } from '../series/series.ts';
import { type AsyncLanes, type AsyncSequences, asyncLanes } from './async-lanes.ts';
import { explainLanes } from './explain-lanes.ts';
import { copySteps, type LaneBatch, openBatch } from './lane-batch.ts';
import { checkForms, noSteps } from './lane-forms.ts';
import { lanePlan, type PlannedBatch } from './lane-plan.ts';
import { type LaneSettings, type LanesOptions, laneSettings } from './lane-settings.ts';
import { isPair, type Sequence, type SequenceInput, type SequencePair, splitFirstAxis, toSequence } from './sequences.ts';

/** Several sequences: a list, pairs with targets, an array `[N, steps, features]`, a pair of such; or one series. */
export type SequencesInput =
  | readonly SequenceInput[]
  | readonly SequencePair[]
  | Series
  | NdArray
  | SequencePair
  | readonly number[]
  | Readonly<Record<string, ArrayLike<number>>>;

/** Stateful batches over sequences. Iterating again begins anew with the same batches. */
export interface Lanes extends Iterable<LaneBatch> {
  /** Batches in one pass. */
  readonly count: number;
  readonly lanes: number;
  /** Steps of the batches, in turn. */
  readonly steps: readonly number[];
  /** Which steps each lane holds, batch by batch, without the values. */
  plan(): Iterable<PlannedBatch>;
  /** The table of sequences and steps as text for 80 columns; `label` names a sequence, `batches` limits the table (default 12). */
  explain(options?: { readonly label?: string; readonly batches?: number }): string;
}

/**
 * Cuts sequences of any lengths into aligned, non-overlapping batches for stateful training.
 *
 * Row i of every batch is lane i. Three tanks with 5, 2 and 7 steps, `lanes: 2, steps: [2, 3]` (steps counted from 1):
 *
 * | | batch 1 | batch 2 | batch 3 | batch 4 |
 * |---|---|---|---|---|
 * | lane 1 | tank 1: 1–2, starts | tank 1: 3–5 | (ended) | |
 * | lane 2 | tank 2: 1–2, starts | tank 3: 1–3, starts | tank 3: 4–5 | tank 3: 6–7, 1 of 3 filled with zeros |
 *
 * A lane whose sequence has ended takes the next one of the list at the next batch; `starts` is 1 there and a trainer
 * gives it a fresh state. `lengths` counts the real steps of each lane, 0 when nothing is left. Every step of every
 * sequence occurs once. Sequences without a step (with `'next'`: of one step) are passed over.
 *
 * One series in several lanes is cut into equal sections that run side by side. Integer arrays `[steps]` (token ids)
 * stay integers, without a feature axis.
 *
 * Async: a source of rows (numbers, rows, or pairs `{ x, y }` of rows) is one long series. In one lane it is read in
 * consecutive chunks, one row ahead; in several lanes it is cut into sections of `sectionSteps`, held `lanes` at a time.
 * A list of sources, or an async source of sequences, deals whole sequences out, `lanes` open at a time. Give a function
 * that opens the source, `() => rows(file)`, to read it more than once.
 *
 * @throws CellstateError `INVALID_OPTION`, `UNKNOWN_OPTION`, `FEATURES_DIFFER` when sequences differ in width,
 * `LENGTHS_DIFFER` when x and y of a pair do, `CONTRADICTORY_OPTIONS` for pairs with `targets`, `NO_STEPS` when no
 * sequence has a step, `SOURCE_USED_UP` on a second pass over a source that can be read once only.
 *
 * @example
 * ```ts
 * import { lanes } from '@cellstate/windowing';
 *
 * const tanks = [[11, 12, 13, 14, 15], [21, 22, 23, 24, 25]];
 * const [first, second] = lanes(tanks, { lanes: 2, steps: [2, 3] });
 * first.x.toNested(); // → [[[11], [12]], [[21], [22]]]
 * second.x.toNested(); // → [[[13], [14], [15]], [[23], [24], [25]]]
 * Array.from(first.starts); // → [1, 1]
 * Array.from(second.starts); // → [0, 0]
 * ```
 */
export function lanes(sequences: SequencesInput, options: LanesOptions): Lanes;
export function lanes(sequences: AsyncSequences, options: LanesOptions): AsyncLanes;
export function lanes(sequences: SequencesInput | AsyncSequences, options: LanesOptions): Lanes | AsyncLanes {
  const where = 'lanes';
  const many = listOf(sequences);
  const settings = laneSettings(options, { sequences: many?.length ?? 1, where });
  if (isAsyncSource(sequences) || (Array.isArray(sequences) && sequences.some(isAsyncSource)))
    return asyncLanes(sequences as AsyncSequences, settings);
  const input = sequences as SequencesInput;
  const { targets } = settings;
  const list =
    many === undefined
      ? [toSequence(input as SequenceInput, { targets, where })]
      : many.map((item, index) => toSequence(item, { targets, where: `${where}, sequence ${index}` }));
  checkForms(list, where);
  if (many !== undefined || settings.lanes === 1 || settings.sectionSteps !== undefined) return lanesOver(list, settings);
  return lanesOver(list, { ...settings, sectionSteps: Math.max(1, Math.ceil((list[0] as Sequence).steps / settings.lanes)) });
}

function lanesOver(list: readonly Sequence[], settings: LaneSettings): Lanes {
  const { lanes: count, steps, sectionSteps, where } = settings;
  const first = list.find((sequence) => sequence.steps > 0);
  if (first === undefined) throw noSteps(where);
  const plan = () => lanePlan({ lengths: list.map((sequence) => sequence.steps), lanes: count, steps, sectionSteps });
  let batches: number | undefined;
  return {
    lanes: count,
    steps,
    get count() {
      if (batches === undefined) {
        batches = 0;
        for (const _ of plan()) batches++;
      }
      return batches;
    },
    plan: () => ({ [Symbol.iterator]: plan }),
    *[Symbol.iterator]() {
      for (const { steps: size, spans } of plan()) {
        const batch = openBatch({ lanes: count, steps: size, x: first.x, y: first.y });
        for (const [lane, span] of spans.entries()) {
          if (span === null) continue;
          const { x, y } = list[span.sequence] as Sequence;
          copySteps(x, { into: batch.x, lane, steps: size, start: span.start, end: span.end });
          if (y !== undefined && batch.y !== undefined)
            copySteps(y, { into: batch.y, lane, steps: size, start: span.start, end: span.end });
        }
        yield batch.close(spans);
      }
    },
    explain: (options = {}) => {
      checkOptions(options, ['label', 'batches'], `${where}.explain`);
      return explainLanes({ plan: plan(), lengths: list.map((sequence) => sequence.steps), settings, ...options });
    },
  };
}

function listOf(sequences: unknown): readonly (SequenceInput | SequencePair)[] | undefined {
  if (isSeries(sequences)) return undefined;
  if (isNdArray(sequences)) return sequences.shape.length >= 3 ? splitFirstAxis(sequences) : undefined;
  if (isPair<NdArray>(sequences)) {
    const { x, y } = sequences;
    if (isNdArray(x) && isNdArray(y) && x.shape.length >= 3 && x.shape[0] === y.shape[0]) {
      const targets = splitFirstAxis(y);
      return splitFirstAxis(x).map((part, index) => ({ x: part, y: targets[index] as NdArray }));
    }
    return undefined;
  }
  if (!Array.isArray(sequences) || typeof sequences[0] === 'number') return undefined;
  return sequences;
}
