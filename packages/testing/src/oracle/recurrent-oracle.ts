// Recurrent layers as plain loops over float64 arrays, row by row, gate by gate, unit by unit, straight from the equations.
// Nothing here is shared with the packages under test, and nothing is fast.

/** Sizes of one problem. */
export interface Sizes {
  readonly batch: number;
  readonly time: number;
  readonly features: number;
  readonly units: number;
}

/** Arrays in row-major order; shapes as in the contract of the sequence ops, G being the number of gates. */
export interface OracleInputs {
  /** `[batch, time, features]` */
  readonly x: ArrayLike<number>;
  /** `[features, G · units]` */
  readonly kernel: ArrayLike<number>;
  /** `[units, G · units]` */
  readonly recurrentKernel: ArrayLike<number>;
  /** `[G · units]`, or `[2, G · units]` for a GRU with `resetAfter`. Absent: none. */
  readonly bias?: ArrayLike<number> | undefined;
  /** Each `[batch, units]`. Absent: zeros. */
  readonly state?: readonly ArrayLike<number>[] | undefined;
  /** `[batch, time]`, 0 for a step to skip. Absent: none. */
  readonly mask?: ArrayLike<number> | undefined;
  /** `[G, batch, features]`. Absent: none. */
  readonly inputDropout?: ArrayLike<number> | undefined;
  /** `[G, batch, units]`. Absent: none. */
  readonly recurrentDropout?: ArrayLike<number> | undefined;
}

export interface OracleOptions {
  readonly goBackwards?: boolean;
  readonly zeroOutputForMask?: boolean;
}

export interface OracleResult {
  /** `[batch, time, units]` in the order computed. */
  readonly outputs: Float64Array;
  /** `[batch, units]` */
  readonly last: Float64Array;
  /** Each `[batch, units]`. */
  readonly state: readonly Float64Array[];
}

/** One row at one step. `state` holds a row of each state; the first of the new ones is also the output. */
interface Row {
  readonly units: number;
  readonly state: readonly Float64Array[];
  /** Σ_f x_f · K[f, gate, unit], after dropout on the input. */
  input(gate: number, unit: number): number;
  /** Σ_v h_v · R[v, gate, unit], after dropout on the hidden state; of another vector than h when given. */
  recurrent(gate: number, unit: number, hidden?: ArrayLike<number>): number;
  /** The bias of a gate, from the given row of the bias; 0 without bias. */
  bias(gate: number, unit: number, row?: number): number;
}

export interface Equations {
  readonly gates: number;
  readonly states: number;
  step(row: Row): Float64Array[];
}

/** Runs the equations over every row and step. */
export function runOracle(equations: Equations, sizes: Sizes, inputs: OracleInputs, options: OracleOptions = {}): OracleResult {
  const { batch, time, units } = sizes;
  const outputs = new Float64Array(batch * time * units);
  const last = new Float64Array(batch * units);
  const state = Array.from({ length: equations.states }, () => new Float64Array(batch * units));
  for (let b = 0; b < batch; b++) {
    let now: readonly Float64Array[] = state.map((_, i) =>
      Float64Array.from({ length: units }, (_, u) => inputs.state?.[i]?.[b * units + u] ?? 0),
    );
    let output: Float64Array = new Float64Array(units);
    for (let t = 0; t < time; t++) {
      const from = options.goBackwards ? time - 1 - t : t;
      const real = inputs.mask === undefined || (inputs.mask[b * time + from] as number) !== 0;
      if (real) {
        now = equations.step(rowAt(equations, sizes, inputs, { b, from, state: now }));
        output = now[0] as Float64Array;
      } else if (options.zeroOutputForMask) {
        output = new Float64Array(units);
      }
      outputs.set(output, (b * time + t) * units);
    }
    last.set(output, b * units);
    for (const [i, rows] of state.entries()) rows.set(now[i] as Float64Array, b * units);
  }
  return { outputs, last, state };
}

interface Place {
  readonly b: number;
  /** The step of the input that is read. */
  readonly from: number;
  readonly state: readonly Float64Array[];
}

function rowAt({ gates }: Equations, sizes: Sizes, inputs: OracleInputs, { b, from, state }: Place): Row {
  const { batch, time, features, units } = sizes;
  const width = gates * units;
  return {
    units,
    state,
    input(gate, unit) {
      let sum = 0;
      for (let f = 0; f < features; f++) {
        const factor = inputs.inputDropout?.[(gate * batch + b) * features + f] ?? 1;
        sum += (inputs.x[(b * time + from) * features + f] as number) * factor * (inputs.kernel[f * width + gate * units + unit] as number);
      }
      return sum;
    },
    recurrent(gate, unit, hidden = state[0] as Float64Array) {
      let sum = 0;
      for (let v = 0; v < units; v++) {
        const factor = inputs.recurrentDropout?.[(gate * batch + b) * units + v] ?? 1;
        sum += (hidden[v] as number) * factor * (inputs.recurrentKernel[v * width + gate * units + unit] as number);
      }
      return sum;
    },
    bias: (gate, unit, row = 0) => inputs.bias?.[row * width + gate * units + unit] ?? 0,
  };
}
