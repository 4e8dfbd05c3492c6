import type { ForecastOutcome } from './forecast-seed.ts';
import { bestRuleErrors, FLOOR, HORIZONS, MODEL, median } from './held-out-errors.ts';

/** One horizon and feature over all seeds; errors are medians in sensor units. */
export interface HeldOutRow {
  readonly horizon: number;
  readonly feature: string;
  readonly unit: string;
  readonly model: number;
  readonly rule: number;
  /** What the physics allows; absent where it is not known. */
  readonly floor: number | undefined;
  readonly floorSkill: number | undefined;
  /** Of each seed. Empty where the best rule makes no error at all, as on a constant feature: there is nothing to be skilled at. */
  readonly skills: readonly number[];
  readonly skill: number | undefined;
}

/** A row for each horizon and feature. */
export function heldOutRows(
  outcomes: readonly ForecastOutcome[],
  { features, units }: { features: readonly string[]; units: readonly string[] },
): HeldOutRow[] {
  return HORIZONS.flatMap((horizon, h) =>
    features.map((feature, f) => {
      const errorOf = (name: string) => (outcome: ForecastOutcome) => outcome.errors[name]?.[h]?.[f] as number;
      const ruleOf = (outcome: ForecastOutcome) => bestRuleErrors(outcome.errors)[h]?.[f] as number;
      const skillsOf = (name: string) =>
        outcomes.filter((outcome) => ruleOf(outcome) > 0).map((outcome) => 1 - errorOf(name)(outcome) / ruleOf(outcome));
      const known = outcomes.every((outcome) => FLOOR in outcome.errors);
      const skills = skillsOf(MODEL);
      return {
        horizon,
        feature,
        unit: units[f] ?? '',
        model: median(outcomes.map(errorOf(MODEL))),
        rule: median(outcomes.map(ruleOf)),
        floor: known ? median(outcomes.map(errorOf(FLOOR))) : undefined,
        floorSkill: known ? median(skillsOf(FLOOR)) : undefined,
        skills,
        skill: skills.length === 0 ? undefined : median(skills),
      };
    }),
  );
}
