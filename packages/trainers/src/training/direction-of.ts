import type { Objective } from './objective.ts';

/** Whether smaller or larger values of a log are better; null when nothing says so. */
export function directionOf(name: string, objective: Objective | undefined): 'min' | 'max' | null {
  const key = name.replace(/^val_/, '');
  if (key === 'loss') return 'min';
  const metric = objective?.metrics.find((entry) => entry.key === key)?.metric;
  if (metric !== undefined) return metric.direction;
  return objective?.names.some((output) => key === `${output}_loss`) === true ? 'min' : null;
}
