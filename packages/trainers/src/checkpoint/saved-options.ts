import { CellstateError } from '@cellstate/core';
import { LOSSES } from '../losses/resolve-loss.ts';
import { METRICS } from '../metrics/resolve-metric.ts';
import { OPTIMIZERS } from '../optimizers/resolve-optimizer.ts';
import { SCHEDULES } from '../settings/from-settings.ts';
import { type Recipe, recipeOf } from './recipe.ts';
import { type Saved, sameSaved } from './saved.ts';

type Factory = (options: never) => unknown;

const FACTORIES: Readonly<Record<Recipe['kind'], Readonly<Record<string, Factory>>>> = {
  optimizer: OPTIMIZERS,
  loss: LOSSES,
  metric: METRICS,
  schedule: SCHEDULES,
};

// Names of outputs are keys beside these.
const RECIPE = '$recipe';
const CODE = '$code';

/** Options by name, null for those that were not given. */
export type SavedOptions = { readonly [name: string]: Saved };

/**
 * Options as plain data. Optimizers, losses, metrics and schedules of this package become the name of their factory and its
 * options; what a caller wrote himself becomes a mark that it must be given again.
 */
export function saveOptions(options: object, names: readonly string[]): SavedOptions {
  return Object.fromEntries(names.map((name) => [name, savedOption((options as Record<string, unknown>)[name])]));
}

function savedOption(value: unknown): Saved {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  const recipe = recipeOf(value as object);
  if (recipe !== undefined) return { [RECIPE]: recipe.kind, make: recipe.make, options: savedOption(recipe.options) };
  if (Array.isArray(value)) return value.map(savedOption);
  const isRecord =
    Object.getPrototypeOf(value) === Object.prototype &&
    !Object.values(value).some((entry) => typeof entry === 'function' && recipeOf(entry) === undefined);
  if (!isRecord) return { [CODE]: typeof value === 'function' ? value.name : String((value as { name?: unknown }).name ?? 'object') };
  return Object.fromEntries(Object.entries(value as object).map(([key, entry]) => [key, savedOption(entry)]));
}

/**
 * The options to go on with: those saved, which given ones may repeat but not change.
 *
 * @throws CellstateError `code` for a given option that differs from the saved one, `OPTION_NOT_SAVED` for one that holds a
 * caller's own code and was not given again.
 */
export function loadOptions<T extends object>(
  saved: SavedOptions,
  { given, code, where, hint }: { given: T; code: string; where: string; hint: string },
): T {
  const options = { ...given } as Record<string, unknown>;
  for (const [name, before] of Object.entries(saved)) {
    const now = (given as Record<string, unknown>)[name];
    if (now !== undefined) {
      if (sameSaved(savedOption(now), before)) continue;
      throw new CellstateError(code, `Option '${name}' is not what it was when the checkpoint was saved.`, {
        expected: before === null ? `no ${name}` : describeSaved(before),
        received: describeSaved(savedOption(now)),
        where,
        hint,
      });
    }
    if (hasCode(before)) {
      throw new CellstateError('OPTION_NOT_SAVED', `Option '${name}' holds code of your own, which a checkpoint cannot keep.`, {
        expected: `${name}, as it was given before`,
        received: 'none',
        where,
      });
    }
    if (before !== null) options[name] = rebuilt(before);
  }
  return options as unknown as T;
}

function rebuilt(saved: Saved): unknown {
  if (typeof saved !== 'object' || saved === null || ArrayBuffer.isView(saved)) return saved ?? undefined;
  if (Array.isArray(saved)) return saved.map((entry) => (entry === null ? null : rebuilt(entry)));
  const { [RECIPE]: kind, make, options } = saved as { [RECIPE]?: Recipe['kind']; make?: string; options?: Saved };
  if (kind === undefined)
    return Object.fromEntries(Object.entries(saved).map(([key, entry]) => [key, entry === null ? null : rebuilt(entry)]));
  const factory = FACTORIES[kind][make as string] as (options: unknown) => unknown;
  return factory(rebuilt(options as Saved));
}

function hasCode(saved: Saved): boolean {
  if (typeof saved !== 'object' || saved === null || ArrayBuffer.isView(saved)) return false;
  return CODE in saved || Object.values(saved).some((entry) => hasCode(entry as Saved));
}

/** As it was written in code: `adam({ learningRate: 0.01 })`. */
function describeSaved(saved: Saved): string {
  if (typeof saved === 'string') return `'${saved}'`;
  if (typeof saved !== 'object' || saved === null || ArrayBuffer.isView(saved)) return String(saved);
  if (Array.isArray(saved)) return `[${saved.map(describeSaved).join(', ')}]`;
  const { [CODE]: code, [RECIPE]: kind, make, options, ...rest } = saved as Readonly<Record<string, Saved>>;
  if (code !== undefined) return `code of your own${code === '' ? '' : ` (${code})`}`;
  if (kind !== undefined) return `${make}(${describeSaved(options ?? null).replace(/^null$|^[{][}]$/, '')})`;
  const entries = Object.entries({ ...rest, ...(make === undefined ? {} : { make }), ...(options === undefined ? {} : { options }) });
  const given = entries.filter(([, value]) => value !== null).map(([key, value]) => `${key}: ${describeSaved(value)}`);
  return given.length === 0 ? '{}' : `{ ${given.join(', ')} }`;
}
