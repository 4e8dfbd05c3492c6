/** The steps a lane holds in one batch. */
export interface LaneSpan {
  /** Number of the sequence, from 0, in the order given. */
  readonly sequence: number;
  /** First step, from 0. */
  readonly start: number;
  /** First step not held. */
  readonly end: number;
  /** Whether the sequence (or a section of it) begins here, from a fresh state. */
  readonly begins: boolean;
}

/** One batch of a plan: its steps, and the span of each lane; null where no sequence is left. */
export interface PlannedBatch {
  readonly steps: number;
  readonly spans: readonly (LaneSpan | null)[];
}

/** What to plan. */
export interface PlanInput {
  /** Steps of each sequence. */
  readonly lengths: readonly number[];
  readonly lanes: number;
  /** Steps of the batches, in turn. */
  readonly steps: readonly number[];
  /** A sequence longer than this is cut into sections, each of which begins anew; undefined: never. */
  readonly sectionSteps: number | undefined;
}

/**
 * Deals sequences out to lanes, batch by batch: a lane whose sequence has ended takes the next one at the next batch.
 *
 * The plan depends on lengths alone and is worked out as it is read. Sequences without a step are passed over.
 */
export function* lanePlan({ lengths, lanes, steps, sectionSteps }: PlanInput): Generator<PlannedBatch> {
  const waiting = sections(lengths, sectionSteps);
  const current: ({ sequence: number; next: number; end: number } | undefined)[] = new Array(lanes).fill(undefined);
  for (let batch = 0; ; batch++) {
    const size = steps[batch % steps.length] as number;
    const spans: (LaneSpan | null)[] = [];
    for (let lane = 0; lane < lanes; lane++) {
      let section = current[lane];
      const begins = section === undefined || section.next === section.end;
      if (begins) {
        const taken = waiting.next();
        section = taken.done === true ? undefined : taken.value;
        current[lane] = section;
      }
      if (section === undefined) {
        spans.push(null);
        continue;
      }
      const end = Math.min(section.end, section.next + size);
      spans.push({ sequence: section.sequence, start: section.next, end, begins });
      section.next = end;
    }
    if (spans.every((span) => span === null)) return;
    yield { steps: size, spans };
  }
}

function* sections(
  lengths: readonly number[],
  sectionSteps: number | undefined,
): Generator<{ sequence: number; next: number; end: number }> {
  for (const [sequence, length] of lengths.entries()) {
    const section = sectionSteps ?? Math.max(1, length);
    for (let start = 0; start < length; start += section) {
      yield { sequence, next: start, end: Math.min(length, start + section) };
    }
  }
}
