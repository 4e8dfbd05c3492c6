import type { Layer, Model } from '@cellstate/layers';

/** One layer of a model, unrolled over time. */
export interface UnrolledRow {
  /** Its name in the model and what it is: `lstm · LSTM(8)`. */
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

function rowsOf({ graph, names }: Model<unknown>['definition'], count: (shape: Shape) => number): UnrolledRow[] {
  return graph.nodes.flatMap((node) => {
    const { definition } = node.layer;
    if ('graph' in definition) return rowsOf(definition as Model<unknown>['definition'], count);
    return layerRows(node, { name: names.get(node.layer) ?? node.layer.name, count });
  });
}

function layerRows({ layer, inputs, outputs }: Node, { name, count }: { name: string; count: (shape: Shape) => number }): UnrolledRow[] {
  const into = inputs[0]?.shape ?? [];
  const out = outputs[0]?.shape ?? [];
  const label = `${name} · ${layer.className}${size(layer)}`;
  const { recurrence, innerCalls = [] } = layer.definition;
  if (recurrence !== undefined) return [recurrentRow(layer, { label, steps: count(into) })];
  if (innerCalls.length > 0) {
    return innerCalls.map((inner) => recurrentRow(inner.layer, { label: `${inner.name} · ${inner.layer.className}${size(inner.layer)}`, steps: count(into) }));
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
