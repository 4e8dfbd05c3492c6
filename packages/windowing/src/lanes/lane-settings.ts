import { CellstateError, checkOptions } from '@cellstate/core';
import { wholeNumber } from '../whole-number.ts';
import type { LaneTargets } from './sequences.ts';

/** Options of `lanes`. */
export interface LanesOptions {
  /** Rows of a batch; default one for each sequence of a list, else 1. */
  readonly lanes?: number;
  /** Steps of every batch, or of the batches in turn: `[2, 3]` gives 2, 3, 2, 3, … */
  readonly steps: number | readonly number[];
  /**
   * `'next'`: each step's target is the step after it, so n steps give n - 1; a list of features: the same for these alone;
   * `'none'` (default): no `y`, or that of the pairs.
   */
  readonly targets?: LaneTargets;
  /**
   * Cuts every longer sequence into sections of so many steps, each dealt to a lane of its own from a fresh state.
   * Default: one series in several lanes is cut into as many equal parts; a list is not cut; one async source in several
   * lanes is cut after 100 batches' steps.
   */
  readonly sectionSteps?: number;
}

/** `LanesOptions`, checked. */
export interface LaneSettings {
  readonly lanes: number;
  readonly steps: readonly number[];
  readonly targets: LaneTargets;
  readonly sectionSteps: number | undefined;
  readonly where: string;
}

/** Checks the options; `sequences` is how many there are in a list. */
export function laneSettings(
  options: LanesOptions,
  { sequences, where }: { readonly sequences: number; readonly where: string },
): LaneSettings {
  checkOptions(options, ['lanes', 'steps', 'targets', 'sectionSteps'], where);
  return {
    steps: stepList(options?.steps, where),
    targets: checkTargets(options.targets, where),
    lanes: wholeNumber(options.lanes ?? Math.max(1, sequences), 1, `${where}, lanes`),
    sectionSteps: options.sectionSteps === undefined ? undefined : wholeNumber(options.sectionSteps, 1, `${where}, sectionSteps`),
    where,
  };
}

function stepList(steps: unknown, where: string): readonly number[] {
  if (!Array.isArray(steps)) return [wholeNumber(steps, 1, `${where}, steps`)];
  if (steps.length === 0)
    throw new CellstateError('INVALID_OPTION', 'steps must not be empty.', {
      expected: 'a number or a list such as [2, 3]',
      received: '[]',
      where: `${where}, steps`,
    });
  return steps.map((step, index) => wholeNumber(step, 1, `${where}, steps[${index}]`));
}

function checkTargets(targets: unknown, where: string): LaneTargets {
  if (targets === undefined) return 'none';
  if (targets === 'none' || targets === 'next' || Array.isArray(targets)) return targets;
  throw new CellstateError('INVALID_OPTION', 'Unknown targets.', {
    expected: "'next', 'none' or a list of features",
    received: String(targets),
    where: `${where}, targets`,
  });
}
