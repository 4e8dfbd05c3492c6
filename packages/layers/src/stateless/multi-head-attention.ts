import { CellstateError, describe, size } from '@cellstate/core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { getConstraint } from '../constraints.ts';
import type {
  CallContext,
  Child,
  ConstraintSpec,
  Layer,
  LayerResult,
  Part,
  RegularizerSpec,
  Shape,
  SymbolicTensor,
  TensorSpec,
} from '../contract.ts';
import { lastAxis } from '../graph/check-shapes.ts';
import { createPart } from '../graph/part.ts';
import { getInitializer, type InitializerSpec } from '../initializers/get-initializer.ts';
import { checkLayerOptions, configOf, defineLayer } from '../layer.ts';
import { getRegularizer } from '../regularizers.ts';
import { droppedOut } from './attend.ts';
import type { AttentionOptions } from './attention.ts';
import { attentionAxes, checkApart, headsFirst, headsLast } from './attention-axes.ts';
import { attentionInputs, attentionWeights, checkAttentionInputs, visibleValues } from './attention-inputs.ts';
import { checkPositiveInteger } from './check-positive-integer.ts';
import { checkRate } from './check-rate.ts';

export interface MultiHeadAttentionOptions extends AttentionOptions {
  /** How many attentions run side by side. */
  readonly numHeads: number;
  /** Features of query and key in each head. */
  readonly keyDim: number;
  /** Features of the value in each head. Default: keyDim. */
  readonly valueDim?: number | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Axes of each output step. Default: the features of the query. */
  readonly outputShape?: number | readonly number[] | null;
  /** Of all four kernels. Default glorotUniform. */
  readonly kernelInitializer?: InitializerSpec;
  /** Of all four biases. Default zeros. */
  readonly biasInitializer?: InitializerSpec;
  readonly kernelRegularizer?: RegularizerSpec;
  readonly biasRegularizer?: RegularizerSpec;
  readonly kernelConstraint?: ConstraintSpec;
  readonly biasConstraint?: ConstraintSpec;
  /** The axes attention runs over, the batch being 0. Default: all between the batch and the features. */
  readonly attentionAxes?: number | readonly number[] | null;
  /** A query sees only the values fewer steps away than this, on either side. Default null: any. */
  readonly slidingWindow?: number | null;
  /** Multiply what each head gives by sigmoid(query · kernel + bias) before the last projection. Default false. */
  readonly useGate?: boolean;
}

interface Attended {
  readonly outputs: readonly Tensor[];
  /** The four projections, on which Keras lays the penalty of outputs. */
  readonly penalized: readonly Tensor[];
}

const OPTIONS: readonly (keyof MultiHeadAttentionOptions)[] = [
  'numHeads',
  'keyDim',
  'valueDim',
  'dropout',
  'useBias',
  'outputShape',
  'kernelInitializer',
  'biasInitializer',
  'kernelRegularizer',
  'biasRegularizer',
  'kernelConstraint',
  'biasConstraint',
  'attentionAxes',
  'slidingWindow',
  'useGate',
  'seed',
  'useCausalMask',
  'returnAttentionScores',
];

/**
 * Several attentions side by side, each on its own projection of query, key and value; their outputs are joined and projected
 * (Vaswani et al., 2017): softmax(query · keyᵀ / √keyDim) · value. Keras' MultiHeadAttention.
 *
 * Inputs `[query, value]` or `[query, value, key]`, each `[batch, time, features]` → `[batch, queries, …outputShape]`, and with
 * `returnAttentionScores` the weights `[batch, heads, queries, values]`. Masked values get no weight; the output keeps the mask of
 * the query, whose masked steps weigh all values alike. Inputs may have more axes, `[batch, …, features]`: `attentionAxes` says over
 * which of them attention runs, and the others stay apart, as the batch does; such inputs take no mask.
 *
 * Parameters, of the children query, key, gate (with `useGate`), value and attention_output: kernels `[features, heads, keyDim]` (of
 * the value and the gate: valueDim) and `[heads, valueDim, …outputShape]`, biases `[heads, keyDim]` and `[…outputShape]`.
 *
 * @throws CellstateError `INVALID_OPTION` for sizes that are not positive integers; `INVALID_RATE`; `INVALID_AXIS` for the batch, the
 * features, or an axis named twice; `SHAPE_MISMATCH` for inputs that do not fit, and for more axes than time under a mask, a causal
 * mask or a sliding window; `SEED_MISSING` when a training pass with dropout has no seed.
 *
 * @example
 * ```ts
 * import { input, model, multiHeadAttention } from '@cellstate/layers';
 *
 * const x = input({ shape: [null, 8] });
 * const m = model({ inputs: x, outputs: multiHeadAttention({ numHeads: 2, keyDim: 4, useCausalMask: true }).apply([x, x]) });
 * m.countParams(); // → 288
 * ```
 */
export function multiHeadAttention(
  options: MultiHeadAttentionOptions & { readonly returnAttentionScores: true },
): Layer<readonly SymbolicTensor[]>;
export function multiHeadAttention(options: MultiHeadAttentionOptions): Layer;
export function multiHeadAttention(options: MultiHeadAttentionOptions): Layer<unknown> {
  checkLayerOptions(options, OPTIONS, 'multiHeadAttention');
  const { numHeads, keyDim, dropout = 0, seed = null, useBias = true, useCausalMask = false, returnAttentionScores = false } = options;
  const { slidingWindow = null, useGate = false } = options;
  const valueDim = options.valueDim ?? keyDim;
  const given = typeof options.attentionAxes === 'number' ? [options.attentionAxes] : (options.attentionAxes ?? null);
  const outputShape = typeof options.outputShape === 'number' ? [options.outputShape] : (options.outputShape ?? null);
  for (const [name, value] of Object.entries({ numHeads, keyDim, valueDim })) checkPositiveInteger(value, `multiHeadAttention, ${name}`);
  if (slidingWindow !== null) checkPositiveInteger(slidingWindow, 'multiHeadAttention, slidingWindow');
  for (const length of outputShape ?? []) checkPositiveInteger(length, 'multiHeadAttention, outputShape');
  checkRate(dropout, 'multiHeadAttention, dropout');
  const kernelInitializer = getInitializer(options.kernelInitializer ?? 'glorotUniform', 'multiHeadAttention, kernelInitializer');
  const biasInitializer = getInitializer(options.biasInitializer ?? 'zeros', 'multiHeadAttention, biasInitializer');
  const kernelRegularizer = getRegularizer(options.kernelRegularizer, 'multiHeadAttention, kernelRegularizer');
  const biasRegularizer = getRegularizer(options.biasRegularizer, 'multiHeadAttention, biasRegularizer');
  const kernelConstraint = getConstraint(options.kernelConstraint, 'multiHeadAttention, kernelConstraint');
  const biasConstraint = getConstraint(options.biasConstraint, 'multiHeadAttention, biasConstraint');
  const lengthsOut = (query: TensorSpec) => outputShape ?? [lastAxis(query)];

  /** A projection: its kernel maps the first `inputAxes` axes of its shape to the rest, which is the bias' shape too. */
  const projection = (inputAxes: number, shapeOf: (input: TensorSpec) => readonly number[]): Part =>
    createPart({
      className: 'EinsumDense',
      config: () => ({ useBias }),
      parameters(inputs) {
        const shape = shapeOf(inputs[0] as TensorSpec);
        const kernel = {
          name: 'kernel',
          shape,
          initializer: kernelInitializer,
          regularizer: kernelRegularizer,
          constraint: kernelConstraint,
        };
        const bias = { name: 'bias', shape: shape.slice(inputAxes), initializer: biasInitializer, regularizer: biasRegularizer };
        return useBias ? [kernel, { ...bias, constraint: biasConstraint }] : [kernel];
      },
    });
  const parts = {
    query: projection(1, (query) => [lastAxis(query), numHeads, keyDim]),
    key: projection(1, (key) => [lastAxis(key), numHeads, keyDim]),
    value: projection(1, (value) => [lastAxis(value), numHeads, valueDim]),
    gate: projection(1, (query) => [lastAxis(query), numHeads, valueDim]),
    output: projection(2, (query) => [numHeads, valueDim, ...lengthsOut(query)]),
  };
  const child = (name: string, part: Part, input: 'query' | 'key' | 'value'): Child => ({
    role: name === 'attention_output' ? 'output_dense' : name === 'gate' ? '_gate_dense' : `${name}_dense`,
    part,
    name,
    inputs: (inputs) => [attentionInputs(inputs)[input]],
  });
  // Keras computes the weights by themselves in these cases, and then gives none to what is masked, even where all is.
  const zeroesMasked = dropout > 0 || returnAttentionScores;
  const compute = (inputs: readonly Tensor[], context: CallContext): Attended => {
    const { query, value, key } = attentionInputs(inputs);
    const axes = attentionAxes(given, query.rank);
    const seen = visible(inputs, context);
    const projected = { query: project(query, parts.query, 1), key: project(key, parts.key, 1), value: project(value, parts.value, 1) };
    const first = (x: Tensor) => headsFirst(x, axes);
    const scores = tf.matMul(tf.div(first(projected.query), Math.sqrt(keyDim)), first(projected.key), false, true);
    const spread = attentionWeights(scores, seen);
    const weights = seen !== null && zeroesMasked ? tf.where(seen, spread, tf.zerosLike(spread)) : spread;
    const attended = headsLast(tf.matMul(droppedOut(weights, context, { dropout, seed }), first(projected.value)), axes, query.shape);
    const gate = useGate ? tf.sigmoid(project(query, parts.gate, 1)) : null;
    const output = project(gate === null ? attended : tf.mul(attended, gate), parts.output, 2);
    return {
      outputs: returnAttentionScores ? [output, tf.reshape(weights, scoresShape(query.shape, value.shape) as number[])] : [output],
      penalized: [...Object.values(projected), ...(gate === null ? [] : [gate]), output],
    };
  };
  /** Which values each query may look at, `[batch, 1, queries, values]` or broadcast to it; null: all. */
  const visible = (inputs: readonly Tensor[], { masks }: CallContext): Tensor | null => {
    const { query, value } = attentionInputs(inputs);
    const [queryMask = null, valueMask = null, keyMask = null] = masks;
    if (query.rank > 3) {
      if (masks.every((mask) => mask === null)) return null;
      throw new CellstateError('SHAPE_MISMATCH', 'Attention over more axes than time takes no mask.', {
        expected: 'sequences [batch, time, features] where a mask comes with them',
        received: `a mask with ${describe(query.shape)}`,
        where: 'inputs',
      });
    }
    const rows = queryMask === null ? null : tf.expandDims(tf.cast(queryMask, 'bool'), 2);
    const columns = visibleValues([valueMask, keyMask], {
      causal: useCausalMask,
      window: slidingWindow,
      queries: query.shape[1] as number,
      values: value.shape[1] as number,
    });
    const both = rows === null || columns === null ? (rows ?? columns) : tf.logicalAnd(rows, columns);
    return both && tf.expandDims(both, 1);
  };
  /** `[apart, heads, steps of the query, steps of the value]`. */
  const scoresShape = (query: Shape, value: Shape): (number | null)[] => {
    const { apart, along } = attentionAxes(given, query.length);
    const lengths = (shape: Shape, of: readonly number[]) => of.map((axis) => shape[axis] ?? null);
    return [...lengths(query, apart), numHeads, ...lengths(query, along), ...lengths(value, along)];
  };
  /** Contracts the last `inputAxes` axes of `x` with the first ones of the kernel. */
  const project = (x: Tensor, part: Part, inputAxes: number): Tensor => {
    const kernel = part.parameter('kernel');
    const rest = kernel.shape.slice(inputAxes);
    const matrix = tf.reshape(kernel, [size(kernel.shape.slice(0, inputAxes)), size(rest)]) as Tensor2D;
    const product = tf.matMul(tf.reshape(x, [-1, matrix.shape[0]]) as Tensor2D, matrix);
    const shaped = tf.reshape(product, [...x.shape.slice(0, x.rank - inputAxes), ...rest]);
    return useBias ? tf.add(shaped, part.parameter('bias')) : shaped;
  };

  return defineLayer(
    {
      className: 'MultiHeadAttention',
      config: () => ({
        numHeads,
        keyDim,
        valueDim,
        dropout,
        useBias,
        outputShape,
        kernelInitializer: configOf(kernelInitializer),
        biasInitializer: configOf(biasInitializer),
        kernelRegularizer: configOf(kernelRegularizer),
        biasRegularizer: configOf(biasRegularizer),
        kernelConstraint: configOf(kernelConstraint),
        biasConstraint: configOf(biasConstraint),
        attentionAxes: given,
        slidingWindow,
        useGate,
        seed,
        useCausalMask,
        returnAttentionScores,
      }),
      children: [
        child('query', parts.query, 'query'),
        child('key', parts.key, 'key'),
        ...(useGate ? [child('gate', parts.gate, 'query')] : []),
        child('value', parts.value, 'value'),
        child('attention_output', parts.output, 'query'),
      ],
      outputs(inputs) {
        const { query, value, key } = checkAttentionInputs(inputs, { deeper: true });
        checkApart([query.shape, value.shape, key.shape], attentionAxes(given, query.shape.length));
        if (query.shape.length > 3 && (useCausalMask || slidingWindow !== null)) {
          throw new CellstateError('SHAPE_MISMATCH', 'A causal mask and a sliding window go along time alone.', {
            expected: 'sequences [batch, time, features]',
            received: describe(query.shape),
            where: 'inputs',
          });
        }
        const output: TensorSpec = { shape: [...query.shape.slice(0, -1), ...lengthsOut(query)], dtype: 'float32' };
        return returnAttentionScores ? [output, { shape: scoresShape(query.shape, value.shape), dtype: 'float32' }] : [output];
      },
      call(inputs, context): LayerResult {
        const attended = tf.tidy(() => compute(inputs, context) as unknown as tf.TensorContainerObject) as unknown as Attended;
        return { ...attended, masks: attended.outputs.map((_, i) => (i === 0 ? (context.masks[0] ?? null) : null)) };
      },
    },
    options,
  );
}
