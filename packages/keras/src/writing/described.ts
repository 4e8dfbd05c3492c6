import type { Config } from '@cellstate/layers';
import type { JsonObject } from '../config/json.ts';

/** A layer or cell as `getConfig` describes it. */
export interface Described {
  readonly className: string;
  readonly config: Config;
}

/** How a model writes what is within it, and where it stands. */
export interface Within {
  readonly where: string;
  writeLayer(described: Described, where: string): JsonObject;
}
