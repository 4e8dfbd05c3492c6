import type { GraphNode, Layer, Model, SymbolicTensor } from '@cellstate/layers';
import { isModel } from './weight-places.ts';

/** A call of a layer, or of one of the operations that Keras makes masks with. */
interface KerasNode {
  /** Null for an operation. */
  readonly layer: Layer<unknown> | null;
  readonly parents: KerasNode[];
}

/** Layers whose `call` takes the mask, which makes it an input of theirs. */
const TAKES_MASK = ['LSTM', 'GRU', 'SimpleRNN', 'RNN', 'Bidirectional', 'TimeDistributed', 'BatchNormalization', 'GlobalAveragePooling1D'];
const MERGES = ['Add', 'Subtract', 'Multiply', 'Average', 'Maximum', 'Minimum'];

/**
 * The layers of a model in the order Keras (3.12 and later) gives them when it loads the file, which numbers their groups of weights.
 *
 * By distance from the outputs, the farthest first, then in the order a walk from the outputs meets them. The operations that make masks are
 * steps on that way, though the file does not list them: Keras adds them again on loading. Hence the nodes without a layer here.
 */
export function kerasOrder(model: Model<unknown>): readonly Layer<unknown>[] {
  if (model.className === 'Sequential') return model.layers;
  const { graph, outputStructure } = model.definition;
  const nodes = kerasNodes(graph.inputs, graph.nodes);
  const names = Array.isArray(outputStructure) ? outputStructure : null;
  const outputs = names === null ? graph.outputs : [...names].sort().map((name) => graph.outputs[names.indexOf(name)] as SymbolicTensor);
  const { order, index } = walk(outputs.map(({ node }) => nodes.get(node) as KerasNode));
  const depths = layerDepths(order);
  const rank = (layer: Layer<unknown>) => index.get(layer) ?? -1;
  const depth = (layer: Layer<unknown>) => depths.get(layer) ?? 0;
  const unused = graph.inputs.map(({ node }) => node.layer).filter((layer) => !index.has(layer));
  const layers = [...index.keys()].filter((key): key is Layer<unknown> => 'apply' in key);
  return [...unused, ...layers].sort((a, b) => depth(b) - depth(a) || rank(a) - rank(b));
}

function kerasNodes(inputs: readonly SymbolicTensor[], calls: readonly GraphNode[]): ReadonlyMap<GraphNode, KerasNode> {
  const nodes = new Map<GraphNode, KerasNode>(inputs.map(({ node }) => [node, { layer: node.layer, parents: [] }]));
  const masks = new Map<SymbolicTensor, KerasNode>();
  const of = ({ node }: SymbolicTensor) => nodes.get(node) as KerasNode;
  for (const call of calls) {
    const { layer } = call;
    const parents = [...call.inputs.map(of), ...(call.initialState ?? []).map(of)];
    const [given] = call.masks;
    const incoming = given === undefined ? masks.get(call.inputs[0] as SymbolicTensor) : undefined;
    parents.push(...call.masks.filter((mask) => mask !== undefined && mask !== null).map(of));
    if (incoming !== undefined && call.initialState === null && (TAKES_MASK.includes(layer.className) || isModel(layer)))
      parents.push(incoming);
    nodes.set(call, { layer, parents });
    const made = outgoingMask(call, { masks, of });
    const carriers = layer.className === 'Bidirectional' && layer.getConfig().mergeMode === null ? 2 : 1;
    if (made !== undefined) for (const output of call.outputs.slice(0, carriers)) masks.set(output, made);
  }
  return nodes;
}

interface Known {
  readonly masks: ReadonlyMap<SymbolicTensor, KerasNode>;
  of(tensor: SymbolicTensor): KerasNode;
}

/** The node that makes the mask of a call's output. */
function outgoingMask({ layer, inputs, masks: given }: GraphNode, { masks, of }: Known): KerasNode | undefined {
  const { className } = layer;
  const [input] = inputs as [SymbolicTensor];
  const all = inputs.map((tensor, i) => {
    const mask = given[i];
    return mask === undefined ? masks.get(tensor) : mask === null ? undefined : of(mask);
  });
  const [incoming] = all;
  if (className === 'Masking') return operation(operation(of(input)));
  if (className === 'Embedding') return layer.getConfig().maskZero === true ? operation(of(input)) : undefined;
  if (MERGES.includes(className)) {
    return all.every((each) => each !== undefined)
      ? all.slice(1).reduce<KerasNode>((both, each) => operation(both, each as KerasNode), all[0] as KerasNode)
      : undefined;
  }
  if (className === 'Concatenate') {
    if (all.every((each) => each === undefined)) return undefined;
    const wide = inputs.map((tensor, i) =>
      all[i] === undefined ? operation(of(tensor)) : operation(operation(all[i] as KerasNode), operation(of(tensor))),
    );
    return operation(operation(...wide));
  }
  if (incoming === undefined || isModel(layer)) return undefined;
  if (className === 'Attention' || className === 'AdditiveAttention') return operation(incoming);
  return className === 'MultiHeadAttention' || layer.definition.masking === 'pass' ? incoming : undefined;
}

function operation(...parents: KerasNode[]): KerasNode {
  return { layer: null, parents };
}

/** What an index or a depth belongs to: a layer has one over all its calls, each operation its own. */
type Owner = Layer<unknown> | KerasNode;

function ownerOf(node: KerasNode): Owner {
  return node.layer ?? node;
}

/** Every node behind what it needs, and the order in which owners are first met. */
function walk(outputs: readonly KerasNode[]): { readonly order: readonly KerasNode[]; readonly index: ReadonlyMap<Owner, number> } {
  const index = new Map<Owner, number>();
  const finished = new Set<KerasNode>();
  const order: KerasNode[] = [];
  const visit = (node: KerasNode): void => {
    if (finished.has(node)) return;
    const owner = ownerOf(node);
    if (!index.has(owner)) index.set(owner, index.size);
    for (const parent of node.parents) visit(parent);
    finished.add(node);
    order.push(node);
  };
  for (const output of outputs) visit(output);
  return { order, index };
}

function layerDepths(order: readonly KerasNode[]): ReadonlyMap<Owner, number> {
  const nodeDepths = new Map<KerasNode, number>();
  const depths = new Map<Owner, number>();
  for (const node of order.toReversed()) {
    const owner = ownerOf(node);
    const depth = Math.max(nodeDepths.get(node) ?? 0, depths.get(owner) ?? 0);
    nodeDepths.set(node, depth);
    depths.set(owner, depth);
    for (const parent of node.parents) nodeDepths.set(parent, Math.max(depth + 1, nodeDepths.get(parent) ?? 0));
  }
  return depths;
}
