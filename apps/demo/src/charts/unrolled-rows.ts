import type { Layer, Model } from '@cellstate/layers';

/** One layer of a model, unrolled over time. */
export interface UnrolledRow {
  /** What it is: `LSTM(8)`, `LSTM(8), forward`. */
  readonly label: string;
  /** `recurrent`: a box a step, joined by state. `steps`: a box a step. `single`: one box. `spread`: one box over all steps. */
  readonly kind: 'recurrent' | 'steps' | 'single' | 'spread';
  /** The number of boxes. */
  readonly steps: number;
  /** Which boxes hand a value up: all, or the one computed last. */
  readonly emits: 'all' | 'last';
  /** The way the state runs. */
  readonly direction: 'forward' | 'backward';
  readonly stateful: boolean;
  /** Set on the two rows of a bidirectional layer: both read what lies below the pair, and both hand up beyond it. */
  readonly pair?: 'lower' | 'upper';
}

export interface Unrolled {
  /** The number of input boxes; `single` for an input without time. */
  readonly input: { readonly steps: number; readonly single: boolean; readonly features: number | null };
  readonly rows: readonly UnrolledRow[];
  readonly output: { readonly steps: number; readonly single: boolean; readonly features: number | null };
}

type Node = Model<unknown>['definition']['graph']['nodes'][number];
type Shape = readonly (number | null)[];

/** Reads the boxes off a model: every layer that computes, in the order it runs, with `steps` where the model leaves the number open. */
export function unroll(model: Model<unknown>, steps: number): Unrolled {
  const count = (shape: Shape) => (shape.length < 3 ? 1 : (shape[1] ?? steps));
  const [input] = model.inputs;
  const [output] = model.outputs;
  const port = (shape: Shape) => ({ steps: count(shape), single: shape.length < 3, features: shape.at(-1) ?? null });
  return { input: port(input?.shape ?? []), rows: rowsOf(model.definition, count), output: port(output?.shape ?? []) };
}

function rowsOf({ graph }: Model<unknown>['definition'], count: (shape: Shape) => number): UnrolledRow[] {
  return graph.nodes.flatMap((node) => {
    const { definition } = node.layer;
    if ('graph' in definition) return rowsOf(definition as Model<unknown>['definition'], count);
    return layerRows(node, count);
  });
}

function layerRows({ layer, inputs, outputs }: Node, count: (shape: Shape) => number): UnrolledRow[] {
  const into = inputs[0]?.shape ?? [];
  const out = outputs[0]?.shape ?? [];
  const label = `${layer.className}${size(layer)}`;
  const { recurrence, innerCalls = [] } = layer.definition;
  if (recurrence !== undefined) return [recurrentRow(layer, { label, steps: count(into) })];
  if (innerCalls.length > 0) {
    const paired = innerCalls.length === 2;
    return innerCalls.map((inner, index) => ({
      ...recurrentRow(inner.layer, {
        label: `${inner.layer.className}${size(inner.layer)}${paired ? ['', ', backward'][index] : ''}`,
        steps: count(into),
      }),
      ...(paired ? { pair: index === 0 ? ('lower' as const) : ('upper' as const) } : {}),
    }));
  }
  const plain = { label, emits: 'all', direction: 'forward', stateful: false } as const;
  if (out.length < 3) return [{ ...plain, kind: 'single', steps: 1 }];
  return [{ ...plain, kind: into.length < 3 ? 'spread' : 'steps', steps: count(out) }];
}

function recurrentRow(layer: Layer<unknown>, { label, steps }: { label: string; steps: number }): UnrolledRow {
  const { recurrence } = layer.definition;
  return {
    label,
    kind: 'recurrent',
    steps,
    emits: recurrence?.returnSequences === true ? 'all' : 'last',
    direction: recurrence?.goBackwards === true ? 'backward' : 'forward',
    stateful: recurrence?.stateful === true,
  };
}

function size(layer: Layer<unknown>): string {
  const { units, n } = layer.getConfig();
  const number = units ?? n;
  return typeof number === 'number' ? `(${number})` : '';
}
