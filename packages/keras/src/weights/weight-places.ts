import type { BuiltParameter, Layer, Model, Part } from '@cellstate/layers';
import { snakeCase } from '@cellstate/layers';

/** A group of a weights file, and the parameters whose values are in it. */
export interface WeightPlace {
  /** `layers/lstm/cell`; the empty text for the model itself. */
  readonly path: string;
  /** The layer's name, for messages and for Keras' attribute. */
  readonly name: string;
  readonly parameters: readonly BuiltParameter[];
}

/** The order of a model's layers, by which those of one class are numbered. */
export type LayerOrder = (model: Model<unknown>) => readonly Layer<unknown>[];

/** Children of one role that stand in a list. */
const LISTS = ['cells', 'layers'];

/**
 * Where Keras 3 keeps the weights of each part: the tree of roles, with parts in a list named by their class, `dense`, `dense_1`, in the
 * order of the model. A part that is reached twice is kept where it is reached first.
 */
export function weightPlaces(model: Model<unknown>, order: LayerOrder): readonly WeightPlace[] {
  const places: WeightPlace[] = [];
  const seen = new Set<Part>();
  const enter = (part: Part, path: string): void => {
    if (seen.has(part)) return;
    seen.add(part);
    places.push({ path, name: part.name, parameters: part.built ?? [] });
    const prefix = path === '' ? '' : `${path}/`;
    const counts = new Map<string, number>();
    for (const { role, part: child } of membersOf(part, order)) {
      if (!LISTS.includes(role)) {
        enter(child, `${prefix}${role}`);
        continue;
      }
      const name = snakeCase(child.className);
      const count = counts.get(name) ?? 0;
      counts.set(name, count + 1);
      enter(child, `${prefix}${role}/${count === 0 ? name : `${name}_${count}`}`);
    }
  };
  enter(model, '');
  return places;
}

function membersOf(part: Part, order: LayerOrder): readonly { readonly role: string; readonly part: Part }[] {
  if (!isModel(part)) return part.children;
  return order(part).map((layer) => ({ role: 'layers', part: layer }));
}

/** Whether a part is a model. */
export function isModel(part: Part): part is Model<unknown> {
  return 'layers' in part && 'graph' in part.definition;
}
