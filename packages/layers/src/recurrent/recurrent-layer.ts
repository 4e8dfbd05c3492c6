import { CellstateError, describe } from '@cellstate/core';
import { timeLoop } from '@cellstate/ops';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { CallContext, Config, Layer, LayerDefinition, LayerOptions, SymbolicTensor, TensorSpec } from '../contract.ts';
import { defineLayer } from '../layer.ts';
import { type Cell, outputSize } from './cell.ts';
import { type CellRun, resumeOutput } from './resume-output.ts';

/** How a recurrent layer goes through time. The same for every cell. */
export interface RecurrentOptions {
  /** The output of every step, `[batch, time, units]`, and not of the last alone. Default false. */
  readonly returnSequences?: boolean;
  /** Also give the state after the last step: `[out, hidden, cell]` for an LSTM. Default false. */
  readonly returnState?: boolean;
  /** Read the sequence from its end; outputs stay in the order computed. Default false. */
  readonly goBackwards?: boolean;
  /** Declares that a trainer carries the state of row i from batch to batch. Default false: every batch starts from zero. */
  readonly stateful?: boolean;
  /** Kept for Keras: the results are the same. True needs a fixed number of steps. Default false. */
  readonly unroll?: boolean;
  /** Give zeros at masked steps. Default false: repeat the last output. */
  readonly zeroOutputForMask?: boolean;
}

/** The keys of `RecurrentOptions`, in the order of Keras' configurations. */
export const RECURRENT_OPTIONS = ['returnSequences', 'returnState', 'goBackwards', 'stateful', 'unroll', 'zeroOutputForMask'] as const;

/** What `apply` gives: one tensor, or with `returnState` the output and every state. */
export type RecurrentOutput<Options extends RecurrentOptions, WithState> = Options extends { readonly returnState: true }
  ? WithState
  : Options extends { readonly returnState: boolean }
    ? SymbolicTensor | WithState
    : SymbolicTensor;

export interface RecurrentSpec {
  readonly className: string;
  readonly cell: Cell;
  readonly options: RecurrentOptions & LayerOptions;
  /** The configuration behind the six flags. */
  config(cell: Cell): Config;
}

/** Makes a recurrent layer of a cell. */
export function recurrentLayer<Output>(spec: RecurrentSpec): Layer<Output> {
  const { className, cell, options } = spec;
  const flags = readFlags(options);
  const { returnSequences, returnState, goBackwards, stateful, zeroOutputForMask } = flags;
  const { stateShapes } = cell.definition;
  const definition: LayerDefinition = {
    className,
    masking: returnSequences ? 'pass' : 'drop',
    streaming: 'steps',
    config: () => ({ ...flags, ...spec.config(cell) }),
    children: [{ role: 'cell', part: cell, inputs: stepInputs }],
    initialStateShapes: stateShapes,
    outputs: (inputs) => {
      const [batch, steps] = checkSequence(inputs).shape as [number | null, number | null];
      if (flags.unroll && steps === null) throw cannotUnroll();
      const units = outputSize(cell.definition);
      const output = { shape: returnSequences ? [batch, steps, units] : [batch, units], dtype: 'float32' as const };
      return [output, ...(returnState ? stateShapes.map((shape) => ({ shape: [batch, ...shape], dtype: 'float32' as const })) : [])];
    },
    call: ([x], context) => {
      const result = runCell(cell, x as Tensor, context, { goBackwards, zeroOutputForMask });
      const output = returnSequences ? result.outputs : result.last;
      return { outputs: [output, ...(returnState ? result.state : [])], state: result.state };
    },
    arrayStep: (context) =>
      returnState ? null : (cell.definition.arrayStep?.({ ...context, parameter: (name) => cell.parameter(name) }) ?? null),
    arrayPass: (context) => {
      if (returnState) return null;
      const own = { ...context, parameter: (name: string) => cell.parameter(name) };
      return cell.definition.arrayPass?.(own, { goBackwards, returnSequences, zeroOutputForMask }) ?? null;
    },
    recurrence: {
      stateShapes,
      stateful,
      goBackwards,
      returnSequences,
      returnState,
      path: () => (cell.definition.sequence === undefined ? 'reference' : (cell.definition.path?.() ?? 'reference')),
      variant: (change) => recurrentLayer({ ...spec, cell: cell.clone(), options: { ...options, ...change } }),
    },
  };
  return defineLayer<Output>(definition, options);
}

type Flags = { readonly [Name in (typeof RECURRENT_OPTIONS)[number]]: boolean };

function readFlags(options: RecurrentOptions): Flags {
  return Object.fromEntries(RECURRENT_OPTIONS.map((name) => [name, options[name] ?? false])) as Flags;
}

interface Direction {
  readonly goBackwards: boolean;
  readonly zeroOutputForMask: boolean;
}

function runCell(cell: Cell, x: Tensor, context: CallContext, direction: Direction): CellRun {
  const mask = stepMask(context.masks[0] ?? null, x);
  const run = overTime(cell, x, context, { ...direction, mask });
  const before = cell.definition.outputState === undefined ? undefined : context.state?.[cell.definition.outputState];
  if (!context.resumes || mask === null || before === undefined || direction.zeroOutputForMask) return run;
  return resumeOutput(run, before, mask);
}

function overTime(cell: Cell, x: Tensor, context: CallContext, run: Direction & { readonly mask: Tensor | null }): CellRun {
  const { state } = context;
  const { mask, ...direction } = run;
  const batch = x.shape[0] as number;
  const cellContext = {
    training: context.training,
    batch,
    parameter: (name: string) => cell.parameter(name),
    seed: (own?: number | null, key?: string) => context.seed(own, key),
  };
  if (cell.definition.sequence !== undefined) return cell.definition.sequence(x as Tensor3D, { state, ...run }, cellContext);
  const start = state ?? cell.definition.stateShapes.map((shape) => tf.zeros([batch, ...shape]));
  return timeLoop(cell.definition.begin(cellContext), x, { state: start, ...direction, ...(mask === null ? {} : { mask }) });
}

/** A mask `[batch, time]` of booleans; Keras also takes `[batch, time, 1]` and numbers. */
function stepMask(mask: Tensor | null, x: Tensor): Tensor | null {
  if (mask === null) return null;
  const flat = mask.rank === 3 && mask.shape[2] === 1 ? tf.squeeze(mask, [2]) : mask;
  if (flat.rank !== 2 || flat.shape[0] !== x.shape[0] || flat.shape[1] !== x.shape[1]) {
    throw new CellstateError('SHAPE_MISMATCH', 'The mask does not fit the sequence.', {
      expected: describe(x.shape.slice(0, 2)),
      received: describe(mask.shape),
      where: 'mask',
    });
  }
  return tf.cast(flat, 'bool');
}

function stepInputs(inputs: readonly TensorSpec[]): readonly TensorSpec[] {
  return inputs.map(({ shape, dtype }) => ({ shape: [shape[0] ?? null, ...shape.slice(2)], dtype }));
}

function checkSequence(inputs: readonly TensorSpec[]): TensorSpec {
  const [input] = inputs;
  if (inputs.length === 1 && input !== undefined && input.shape.length === 3) return input;
  throw new CellstateError('SHAPE_MISMATCH', 'A recurrent layer takes one sequence.', {
    expected: '[batch, time, features]',
    received: inputs.map(({ shape }) => describe(shape)).join(' and '),
    where: 'input',
    ...(input?.shape.length === 2
      ? { hint: 'The layer before may lack returnSequences: true; or repeatVector makes steps of one row.' }
      : {}),
  });
}

function cannotUnroll(): CellstateError {
  return new CellstateError('UNROLL_NEEDS_STEPS', 'A layer cannot be unrolled over an unknown number of steps.', {
    expected: 'a fixed number of steps',
    received: 'null',
    where: 'unroll',
    hint: 'Give inputShape a number of steps, or leave unroll out: the results are the same.',
  });
}
