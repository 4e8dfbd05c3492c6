import { isAsyncSource, openSource, type Row, type RowSource, usedUp } from '../series/row-source.ts';
import { plural } from '../text-table.ts';
import { type LaneBatch, openBatch } from './lane-batch.ts';
import { checkForms, noSteps } from './lane-forms.ts';
import type { LaneSpan } from './lane-plan.ts';
import type { LaneSettings } from './lane-settings.ts';
import { rowSections } from './row-sections.ts';
import { type RowPair, rowReader, type SequenceReader, sequenceReader } from './sequence-reader.ts';
import { isPair, type SequenceInput, type SequencePair, toSequence } from './sequences.ts';

/** Rows that arrive with their targets. */
export type PairSource = AsyncIterable<RowPair> | (() => AsyncIterable<RowPair>);

/** A sequence in memory, or one whose rows arrive one by one. */
export type OpenableSequence = SequenceInput | SequencePair | RowSource | PairSource;

/** One long series as rows; a list of sources, one for each sequence; or sequences that arrive one by one. */
export type AsyncSequences =
  | RowSource
  | PairSource
  | readonly OpenableSequence[]
  | AsyncIterable<OpenableSequence>
  | (() => AsyncIterable<OpenableSequence>);

/** Stateful batches over async sources. */
export interface AsyncLanes extends AsyncIterable<LaneBatch> {
  readonly lanes: number;
  readonly steps: readonly number[];
  /** How the source is dealt out and what is held in memory, as text for 80 columns. */
  explain(): string;
}

interface Lane {
  reader: SequenceReader;
  sequence: number;
  next: number;
  begins: boolean;
}

/** Lanes whose sequences are read as they are needed. */
export function asyncLanes(source: AsyncSequences, settings: LaneSettings): AsyncLanes {
  const memory: Memory = { most: 0 };
  return {
    lanes: settings.lanes,
    steps: settings.steps,
    [Symbol.asyncIterator]: () => batches(source, settings, memory),
    explain: () => explain(source, settings),
  };
}

/** What one pass hands on to the next, to tell a source that was read to its end from an empty one. */
interface Memory {
  /** Sequences that held a step, in the pass that had most. */
  most: number;
}

async function* batches(source: AsyncSequences, settings: LaneSettings, memory: Memory): AsyncGenerator<LaneBatch> {
  const { lanes: count, steps, where } = settings;
  const readers = openSequences(source, settings);
  const lanes: (Lane | undefined)[] = new Array(count).fill(undefined);
  let begun = 0;
  let exhausted = false;
  let form: SequenceReader | undefined;

  /** The next sequence that holds a step. */
  async function take(): Promise<Lane | undefined> {
    while (!exhausted) {
      const result = await readers.next();
      if (result.done === true) {
        exhausted = true;
        return undefined;
      }
      const { reader, sequence, first } = result.value;
      if (!(await reader.open())) continue;
      if (form === undefined) form = reader;
      else checkForms([form, reader], `${where}, source ${sequence}`);
      if (first === 0) memory.most = Math.max(memory.most, ++begun);
      return { reader, sequence, next: first, begins: true };
    }
    return undefined;
  }

  try {
    for (let batch = 0; ; batch++) {
      const size = steps[batch % steps.length] as number;
      for (let lane = 0; lane < count; lane++) {
        const held = lanes[lane];
        if (held === undefined || held.reader.ended) lanes[lane] = await take();
      }
      if (form === undefined || lanes.every((lane) => lane === undefined)) break;
      const open = openBatch({ lanes: count, steps: size, x: form.x, y: form.y });
      const spans: (LaneSpan | null)[] = [];
      for (let row = 0; row < count; row++) {
        const lane = lanes[row];
        if (lane === undefined) {
          spans.push(null);
          continue;
        }
        const read = await lane.reader.read({ batch: open, lane: row, steps: size });
        spans.push({ sequence: lane.sequence, start: lane.next, end: lane.next + read, begins: lane.begins });
        lane.next += read;
        lane.begins = false;
      }
      yield open.close(spans);
    }
  } finally {
    for (const lane of lanes) await lane?.reader.close();
    await readers.return(undefined);
  }
  // A list holds the same sequences in every pass; what arrives may well differ from pass to pass.
  if (begun < memory.most && (begun === 0 || !isAsyncSource(source))) throw usedUp(where);
  if (begun === 0) throw noSteps(where);
}

interface Opened {
  readonly reader: SequenceReader;
  readonly sequence: number;
  /** Number of its first step in the whole sequence; above 0 for a later section. */
  readonly first: number;
}

async function* openSequences(source: AsyncSequences, settings: LaneSettings): AsyncGenerator<Opened, undefined> {
  const { where } = settings;
  if (!isAsyncSource(source)) {
    for (const [sequence, item] of (source as readonly OpenableSequence[]).entries()) yield* openOne(item, { sequence, settings });
    return undefined;
  }
  const items = openSource(source as AsyncIterable<unknown>, where)[Symbol.asyncIterator]();
  const first = await items.next();
  if (first.done === true) return undefined;
  if (isRow(first.value)) {
    const rows = rejoin(first.value, items) as AsyncIterable<Row | RowPair>;
    yield* openRows(rows, { sequence: 0, settings, sectionSteps: settings.sectionSteps ?? defaultSection(settings) });
    return undefined;
  }
  let sequence = 0;
  for await (const item of rejoin(first.value, items)) yield* openOne(item as OpenableSequence, { sequence: sequence++, settings });
  return undefined;
}

async function* openOne(
  item: OpenableSequence,
  { sequence, settings }: { readonly sequence: number; readonly settings: LaneSettings },
): AsyncGenerator<Opened, undefined> {
  const { targets, sectionSteps, where } = settings;
  if (isAsyncSource(item)) {
    const rows = openSource(item as AsyncIterable<Row | RowPair>, `${where}, sequence ${sequence}`);
    yield* openRows(rows, { sequence, settings, sectionSteps });
    return undefined;
  }
  const whole = toSequence(item as SequenceInput | SequencePair, { targets, where: `${where}, sequence ${sequence}` });
  const section = sectionSteps ?? Math.max(1, whole.steps);
  for (let start = 0; start < whole.steps; start += section) {
    yield { reader: sequenceReader(whole, { start, end: Math.min(whole.steps, start + section) }), sequence, first: start };
  }
  return undefined;
}

async function* openRows(
  rows: AsyncIterable<Row | RowPair>,
  {
    sequence,
    settings,
    sectionSteps,
  }: { readonly sequence: number; readonly settings: LaneSettings; readonly sectionSteps: number | undefined },
): AsyncGenerator<Opened, undefined> {
  const { targets, where } = settings;
  const reader = rowReader(rows, { targets, where: `${where}, sequence ${sequence}` });
  if (sectionSteps === undefined) {
    yield { reader, sequence, first: 0 };
    return undefined;
  }
  for await (const { section, first } of rowSections(reader, sectionSteps)) {
    yield { reader: sequenceReader(section, { start: 0, end: section.steps }), sequence, first };
  }
  return undefined;
}

/** In one lane a series needs no sections; in several, each runs long enough to make its fresh start rare. */
function defaultSection({ lanes, steps }: LaneSettings): number | undefined {
  if (lanes === 1) return undefined;
  return 100 * Math.max(...steps);
}

function isRow(item: unknown): item is Row | RowPair {
  if (typeof item === 'number') return true;
  if (item instanceof Float32Array || item instanceof Float64Array) return true;
  if (Array.isArray(item)) return typeof item[0] === 'number';
  return isPair<unknown>(item) && isRow(item.x);
}

/** Puts the first item back in front; no generator, since it stands between every row and its reader. */
function rejoin(first: unknown, rest: AsyncIterator<unknown>): AsyncIterableIterator<unknown> {
  let pending = true;
  const joined: AsyncIterableIterator<unknown> = {
    [Symbol.asyncIterator]: () => joined,
    next() {
      if (!pending) return rest.next();
      pending = false;
      return Promise.resolve({ done: false, value: first });
    },
    return: async () => (await rest.return?.()) ?? { done: true, value: undefined },
  };
  return joined;
}

function explain(source: AsyncSequences, settings: LaneSettings): string {
  const { lanes, steps, targets, sectionSteps } = settings;
  const pattern = steps.length === 1 ? plural(steps[0] as number, 'step') : `${steps.join(', ')} steps in turn`;
  const many = !isAsyncSource(source);
  const section = sectionSteps ?? (many ? undefined : defaultSection(settings));
  const longest = Math.max(...steps);
  const held = section === undefined ? `${plural(lanes, 'row')} ahead` : `${plural(lanes, 'section')} of ${plural(section, 'row')}`;
  return [
    `lanes: ${many ? plural((source as readonly unknown[]).length, 'sequence') : 'an async source'} in ${plural(lanes, 'lane')}, batches of ${pattern}`,
    section === undefined
      ? '  Each source is one sequence, read in consecutive chunks into one lane.'
      : `  Rows are cut into sections of ${section.toLocaleString('en-US')} steps; each runs in a lane of its own,\n  from a fresh state.`,
    ...(targets === 'none' ? [] : ['  The target of each step is the step after it.']),
    `  Held in memory: ${held}, and one batch of ${lanes} × ${longest} steps.`,
  ].join('\n');
}
