import type { Config, Part } from '@cellstate/layers';
import type { JsonObject } from '../config/json.ts';

/** A layer or cell as `getConfig` describes it. */
export interface Described {
  readonly className: string;
  readonly config: Config;
}

/** Where a layer stands, and the layer itself where it is known. */
export interface Place {
  readonly where: string;
  readonly part: Part | undefined;
}

/** How a model writes what is within it, and where it stands. */
export interface Within extends Place {
  writeLayer(described: Described, place: Place): JsonObject;
}
