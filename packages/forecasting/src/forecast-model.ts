import { CellstateError, isNdArray, type NdArray } from '@cellstate/core';

/**
 * What can forecast. Models of @cellstate/layers can; a hand-written one needs these few members.
 *
 * A sequence model gives, at each step of `[lanes, steps, features]`, the next step (`stream`). A look-back model gives the
 * step behind a window `[rows, window, features]` (`predict`).
 */
export interface ForecastModel {
  /** Shapes, batch first, null for any length, when the model knows them. */
  readonly inputs?: readonly { readonly shape: readonly (number | null)[] }[];
  readonly outputs?: readonly { readonly shape: readonly (number | null)[] }[];
  /** Layers whose state a trainer would carry; a look-back forecast starts each window from zero state. */
  readonly statefulCalls?: readonly string[];
  stream?(options: { readonly lanes: number }): ForecastStream;
  predict?(x: NdArray, options?: { readonly state?: 'zero' }): Promise<unknown>;
}

/** The stream of a sequence model: state goes on from push to push, lane by lane. */
export interface ForecastStream {
  /** Takes `[lanes, steps, features]` or one step `[lanes, features]`; gives an array of the same rank, or the last step's. */
  pushAsync(x: NdArray): Promise<unknown>;
  /** Starts these lanes anew. */
  reset(lanes: readonly number[]): void;
  /** The state as plain arrays with lanes first. Needed by `backtest` alone. */
  snapshot?(): StreamState;
  restore?(state: StreamState): void;
  dispose(): void;
}

/** The state of a stream. */
export interface StreamState {
  readonly lanes: number;
  readonly starts: readonly boolean[];
  readonly state: Readonly<Record<string, readonly NdArray[]>>;
}

/**
 * Throws `FEATURES_NOT_FED_BACK` when the shapes the model declares do not allow its outputs to become its inputs, or its
 * inputs are not the features of the history.
 */
export function checkFeatures(model: ForecastModel, names: readonly string[], where: string): void {
  for (const [side, ports] of [
    ['inputs', model.inputs],
    ['outputs', model.outputs],
  ] as const) {
    if (ports === undefined) continue;
    if (ports.length !== 1) {
      throw new CellstateError('NOT_ONE_ARRAY', `A forecast needs a model with one input and one output.`, {
        expected: 'one array of features in and one out',
        received: `${ports.length} ${side}`,
        where,
      });
    }
    const width = ports[0]?.shape.at(-1);
    if (typeof width === 'number' && width !== names.length) throw notFedBack(side, { width, names, where });
  }
}

/** The last step of an output `[lanes, features]` or `[lanes, steps, features]`, flat. */
export function lastStep(
  output: unknown,
  { lanes, names, where }: { readonly lanes: number; readonly names: readonly string[]; readonly where: string },
): Float32Array {
  const array = oneArray(output, where);
  const { data, shape } = array;
  const width = shape.at(-1) as number;
  if (width !== names.length) throw notFedBack('outputs', { width, names, where });
  const steps = shape.length === 3 ? (shape[1] as number) : 1;
  if (shape.length < 2 || shape.length > 3 || shape[0] !== lanes || steps === 0) {
    throw new CellstateError('SHAPE_MISMATCH', 'The output of the model is not one step a lane.', {
      expected: `[${lanes}, ${width}] or [${lanes}, steps, ${width}]`,
      received: `[${shape.join(', ')}]`,
      where,
    });
  }
  const last = new Float32Array(lanes * width);
  for (let lane = 0; lane < lanes; lane++)
    last.set(data.subarray(((lane + 1) * steps - 1) * width, (lane + 1) * steps * width), lane * width);
  return last;
}

/** The output as one array. */
export function oneArray(output: unknown, where: string): NdArray {
  if (isNdArray(output)) return output;
  throw new CellstateError('NOT_ONE_ARRAY', 'A forecast needs a model with one output.', {
    expected: 'one array',
    received: Array.isArray(output) ? `a list of ${output.length}` : typeof output,
    where,
  });
}

function notFedBack(
  side: 'inputs' | 'outputs',
  { width, names, where }: { readonly width: number; readonly names: readonly string[]; readonly where: string },
): CellstateError {
  const features = `${names.length} feature${names.length === 1 ? '' : 's'}: ${names.join(', ')}`;
  return new CellstateError('FEATURES_NOT_FED_BACK', `The ${side} of the model are not the features of the history.`, {
    expected: features,
    received: `${width} feature${width === 1 ? '' : 's'} among the ${side}`,
    where,
    hint: 'A forecast feeds each output back as the next input: the model must predict every feature it reads, or the history be cut to what it predicts with series.select([…]).',
  });
}
