import type { Layer, LayerDefinition } from '../contract.ts';

/** One call of a recurrent layer in a model. */
export interface RecurrentCall {
  /** `encoder/lstm#0` */
  readonly path: string;
  readonly layer: Layer<unknown>;
  readonly stateShapes: readonly (readonly number[])[];
  readonly stateful: boolean;
  /** Whether the graph gives it an initial state. */
  readonly wired: boolean;
}

/** Every call whose state belongs to the model, in the order they run, with the paths that running them gives. */
export function recurrentCalls(definition: LayerDefinition): readonly RecurrentCall[] {
  const found: RecurrentCall[] = [];
  const counts = new Map<string, number>();
  const enter = (current: LayerDefinition, prefix: string, given: boolean): void => {
    for (const { layer, name, ...call } of current.innerCalls ?? []) {
      const wired = given || call.wired;
      const place = `${prefix}${name}`;
      const count = counts.get(place) ?? 0;
      counts.set(place, count + 1);
      const { recurrence } = layer.definition;
      if (recurrence !== undefined) {
        const { stateShapes, stateful } = recurrence;
        found.push({ path: `${place}#${count}`, layer, stateShapes, stateful, wired });
      }
      enter(layer.definition, `${place}/`, wired);
    }
  };
  enter(definition, '', false);
  return found;
}
