import type { JsonObject } from '../config/json.ts';
import { LAYER_CLASSES } from '../config/layer-classes.ts';
import { underscored } from '../config/spelling.ts';
import type { Described } from './described.ts';

/** What our layer has as options and Keras takes at the call. */
export function writeCallOptions({ className, config }: Described): JsonObject {
  const callKeys = Object.hasOwn(LAYER_CLASSES, className) ? (LAYER_CLASSES[className]?.callKeys ?? []) : [];
  const given = Object.entries(config).filter(([key, value]) => callKeys.includes(underscored(key)) && value === true);
  return Object.fromEntries(given.map(([key]) => [underscored(key), true]));
}
