import { CellstateError } from '@cellstate/core';
import { type CallEntry, type GraphEntry, MODELS, type Reference, type StatedMask } from './graph-entry.ts';
import { type JsonObject, own } from './json.ts';

/** What to do with the masks a configuration states. */
export interface MaskRule {
  isOperation(reference: Reference): boolean;
  /**
   * What a call is given for each input instead of the mask that comes with it: a tensor, null for none, undefined for nothing. Throws
   * `UNSUPPORTED_OPTION` where ours cannot be told so.
   */
  explicit(layer: string, call: CallEntry): readonly StatedMask[];
  /** Whether a tensor of the graph can come with a mask. */
  mayBeMasked(reference: Reference): boolean;
  /**
   * Whether Concatenate takes a tensor for one without a mask although it comes with one. Keras knows of no mask behind an inner model while
   * it builds a graph, and writes ones for it into the mask of the whole; masks given by hand to what follows are made of those.
   */
  takenForUnmasked(reference: Reference): boolean;
}

const key = ({ layer, call, output }: Reference): string => `${layer}/${call}/${output}`;

/**
 * Keras writes the masks of Masking and Embedding as operations (`NotEqual`, `Any`, `LogicalOr`) among the layers, and hands their results to
 * each layer that takes a mask. Here masks come with their tensors, so these operations are dropped; each must then be the mask that comes
 * anyway: made of what a maker of masks before that call was given, and of nothing that the call does not depend on.
 *
 * @param masked whether the inputs of the graph may be masked: it is a model within another.
 * @throws CellstateError `UNKNOWN_LAYER` when an operation's result is used as a value.
 */
export function maskRule(entries: readonly GraphEntry[], { where, masked }: { where: string; masked: boolean }): MaskRule {
  const operations = new Map(entries.filter(({ operation }) => operation).map((entry) => [entry.name, entry]));
  const layers = new Map(entries.filter(({ operation }) => !operation).map((entry) => [entry.name, entry]));
  for (const { name, calls } of layers.values()) {
    const used = calls
      .flatMap(({ inputs, initialState }) => [...inputs, ...(initialState ?? [])])
      .find(({ layer }) => operations.has(layer));
    if (used !== undefined) throw valueOfOperation(operations.get(used.layer) as GraphEntry, `${where}, ${name}`);
  }
  const inputsOf = (reference: Reference): readonly Reference[] => {
    const call = layers.get(reference.layer)?.calls[reference.call];
    return call === undefined ? [] : [...call.inputs, ...(call.initialState ?? [])];
  };
  const roots = walk((reference) => operations.get(reference.layer)?.calls[reference.call]?.inputs ?? []);
  const upstream = walk(inputsOf);
  const inner = new Set([...layers.values()].filter(modelWithMasks).map(({ name }) => name));
  const mayBeMasked = (reference: Reference) =>
    upstream(reference).some((tensor) => {
      const entry = layers.get(tensor.layer);
      return makesMask(layers, tensor) || inner.has(tensor.layer) || (masked && entry?.className === 'InputLayer');
    });
  const ones = new Set(
    [...operations.values()]
      .filter(({ className }) => className === 'OnesLike')
      .flatMap(({ calls }) => calls.flatMap(({ inputs }) => inputs.map(key))),
  );
  const behindModel = (reference: Reference) => upstream(reference).some(({ layer }) => isModel(layers.get(layer)));
  return {
    mayBeMasked,
    takenForUnmasked: (reference) => ones.has(key(reference)) && mayBeMasked(reference) && behindModel(reference),
    isOperation: ({ layer }) => operations.has(layer),
    explicit(layer, call) {
      const given = call.masks.filter((mask) => mask !== undefined && mask !== null);
      const made = given.filter((mask) => operations.has(mask.layer));
      const before = call.inputs.flatMap(upstream);
      const reachable = new Set(before.map(key));
      const makers = new Set(
        before
          .filter((tensor) => makesMask(layers, tensor))
          .flatMap(inputsOf)
          .map(key),
      );
      const origins = made.map((mask) =>
        roots(mask)
          .filter(({ layer: name }) => !operations.has(name))
          .map(key),
      );
      const implicit = origins.every((each) => each.every((root) => reachable.has(root)) && each.some((root) => makers.has(root)));
      if (!implicit || (made.length > 0 && call.initialState !== null)) {
        throw new CellstateError('UNSUPPORTED_OPTION', 'The layer is given a mask that is not the one of its input.', {
          expected: 'the mask that Masking or Embedding makes, or a tensor of the graph',
          received: given.map(key).join(', '),
          where: `${where}, ${layer}`,
        });
      }
      const stated = call.masks.map((mask, index) => {
        const input = call.inputs[index];
        if (mask === null) return input !== undefined && mayBeMasked(input) ? null : undefined;
        return mask !== undefined && operations.has(mask.layer) ? undefined : mask;
      });
      // Attention may be given one more than it has inputs: that of the key, which is the value.
      return stated.slice(0, 1 + stated.findLastIndex((mask) => mask !== undefined));
    },
  };
}

/** Everything that can be reached from a reference, itself included, each once. */
function walk(next: (reference: Reference) => readonly Reference[]): (start: Reference) => readonly Reference[] {
  return (start) => {
    const seen = new Map([[key(start), start]]);
    for (const reference of seen.values()) for (const one of next(reference)) if (!seen.has(key(one))) seen.set(key(one), one);
    return [...seen.values()];
  };
}

function isModel(entry: GraphEntry | undefined): boolean {
  return entry !== undefined && MODELS.includes(entry.className);
}

function modelWithMasks(entry: GraphEntry): boolean {
  return isModel(entry) && /"class_name":"Masking"|"mask_zero":true/.test(JSON.stringify(entry.object));
}

function makesMask(layers: ReadonlyMap<string, GraphEntry>, { layer }: Reference): boolean {
  const entry = layers.get(layer);
  return (
    entry?.className === 'Masking' || (entry?.className === 'Embedding' && own(entry.object.config as JsonObject, 'mask_zero') === true)
  );
}

function valueOfOperation({ className, name }: GraphEntry, where: string): CellstateError {
  return new CellstateError('UNKNOWN_LAYER', 'The model computes with an operation that is no layer.', {
    expected: 'layers',
    received: `${className} (${name})`,
    where,
    hint: 'In Keras, put the operation into a layer (Add, Multiply, Concatenate, a Lambda or one of your own) and pass it by customLayers.',
  });
}
