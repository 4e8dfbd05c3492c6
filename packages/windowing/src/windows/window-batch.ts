import type { Batch, NdArray, WindowOrigin } from '@cellstate/core';

/** Some windows: `x` `[batch, length, features]`; `y` `[batch, targets]` for a horizon of 1, else `[batch, horizon, targets]`. */
export interface WindowBatch extends Batch {
  readonly x: NdArray;
  readonly y: NdArray;
  readonly origin: WindowOrigin;
}
