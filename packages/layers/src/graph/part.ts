import { CellstateError, describe, splitSeed } from '@cellstate/core';
import type { Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { checkBoolean } from '../check-option-types.ts';
import type { BuiltParameter, Child, ParameterSpec, Part, PartDefinition, TensorSpec } from '../contract.ts';
import { placed } from './placed.ts';
import { snakeCase, uniqueNames } from './snake-case.ts';

interface PartState {
  name: string | null;
  built: readonly BuiltParameter[] | null;
  /** How many models hold the part. Its parameters are freed with the last one. */
  holders: number;
}

const states = new WeakMap<Part, PartState>();

/**
 * Makes a node of the parameter tree, not yet built.
 *
 * @throws CellstateError `INVALID_NAME` for a name that is empty or contains `/` or `#`, which separate the parts of a path;
 * `INVALID_OPTION` for a `trainable` that is no boolean; `INVALID_DEFINITION` without a class name.
 */
export function createPart<Definition extends PartDefinition>(
  definition: Definition,
  options: { readonly name?: string; readonly trainable?: boolean } = {},
): Part & { readonly definition: Definition } {
  checkDefinition(definition);
  const { name, trainable = true } = options;
  const automatic = snakeCase(definition.className);
  if (name !== undefined && (typeof name !== 'string' || name === '' || /[/#]/.test(name))) {
    throw new CellstateError('INVALID_NAME', 'A name must be a text without / and #.', {
      expected: 'a name such as encoder',
      received: JSON.stringify(name) ?? String(name),
      where: automatic,
    });
  }
  checkBoolean(trainable, 'trainable', name ?? automatic);
  const state: PartState = { name: null, built: null, holders: 0 };
  const part: Part & { readonly definition: Definition } = {
    className: definition.className,
    definition,
    named: name !== undefined,
    trainable,
    children: definition.children ?? [],
    get name() {
      return name ?? state.name ?? automatic;
    },
    get built() {
      return state.built;
    },
    parameter: (wanted) => parameter(part, wanted),
    getConfig: () => ({ name: part.name, trainable: part.trainable, ...definition.config() }),
  };
  states.set(part, state);
  return part;
}

function checkDefinition(definition: PartDefinition | undefined): void {
  const className: unknown = definition?.className;
  if (typeof className === 'string' && className !== '') return;
  throw new CellstateError('INVALID_DEFINITION', 'A layer or cell is made of a definition.', {
    expected: '{ className, config, … }',
    received: definition === undefined || definition === null ? String(definition) : `className ${String(className)}`,
    where: 'defineLayer or defineCell',
  });
}

/** The names of a part's children within it. */
export function childNames(children: readonly Child[]): string[] {
  return uniqueNames(children.map((child) => ({ name: child.name ?? child.part.name, fixed: child.name !== undefined })));
}

/** Names a part that has no name yet; a part that a model has named keeps that name. */
export function namePart(part: Part, name: string): void {
  const state = stateOf(part);
  state.name ??= name;
}

/**
 * Creates the parameters of a part and of its children, unless an earlier model has done so. The seed of each is split from
 * `seed` by its path, so that no parameter depends on another one's existence.
 *
 * @throws CellstateError `SHAPE_MISMATCH` when a part has parameters already, and they are for inputs of another shape.
 */
export function buildPart(
  part: Part,
  options: { readonly inputs: readonly TensorSpec[]; readonly path: string; readonly seed: number },
): void {
  const { inputs, path, seed } = options;
  const state = stateOf(part);
  const specs = placed(path, () => part.definition.parameters?.(inputs) ?? []);
  if (state.built !== null) checkBuilt(state.built, specs, path);
  else {
    // All values first: an initializer that throws leaves no variable behind.
    const drawn = specs.map(({ name, shape, initializer }) => {
      const place = `${path}/${name}`;
      return placed(place, () => initializer(shape, splitSeed(seed, place)));
    });
    state.built = specs.map((spec, index) => {
      const initial = tf.tensor(drawn[index] as Float32Array, [...spec.shape], 'float32');
      const variable = tf.variable(initial, spec.trainable ?? true);
      initial.dispose();
      return { spec, variable };
    });
  }
  const names = childNames(part.children);
  for (const [index, child] of part.children.entries()) {
    buildPart(child.part, { inputs: child.inputs?.(inputs) ?? inputs, path: `${path}/${names[index]}`, seed });
  }
}

function checkBuilt(built: readonly BuiltParameter[], specs: readonly ParameterSpec[], path: string): void {
  for (const [index, { spec }] of built.entries()) {
    const wanted = specs[index]?.shape ?? [];
    if (describe(wanted) === describe(spec.shape)) continue;
    throw new CellstateError('SHAPE_MISMATCH', 'The layer has parameters for inputs of another shape.', {
      expected: `inputs for which ${spec.name} is ${describe(spec.shape)}`,
      received: `inputs for which it is ${describe(wanted)}`,
      where: path,
      hint: 'A layer that is applied twice shares its parameters; make a second layer.',
    });
  }
}

/** Every part of the tree below and including `part`, once each, parents first, with its path and whether training may move it. */
export function walkParts(part: Part, path: string, visit: (part: Part, path: string, trainable: boolean) => void): void {
  const seen = new Set<Part>();
  const enter = (current: Part, at: string, trainable: boolean): void => {
    if (seen.has(current)) return;
    seen.add(current);
    const moves = trainable && current.trainable;
    visit(current, at, moves);
    const names = childNames(current.children);
    for (const [index, child] of current.children.entries()) {
      enter(child.part, at === '' ? (names[index] as string) : `${at}/${names[index]}`, moves);
    }
  };
  enter(part, path, true);
}

/** Notes that one more model holds the part. */
export function holdPart(part: Part): void {
  stateOf(part).holders++;
}

/** Notes that a model gave the part up, and frees its parameters when it was the last one. */
export function releasePart(part: Part): void {
  const state = stateOf(part);
  state.holders--;
  freeUnheld(part);
}

/** Frees the parameters of a part that no model holds. */
export function freeUnheld(part: Part): void {
  const state = stateOf(part);
  if (state.holders > 0) return;
  for (const { variable } of state.built ?? []) variable.dispose();
  state.built = null;
}

function parameter(part: Part, name: string): Variable {
  const found = stateOf(part).built?.find(({ spec }) => spec.name === name);
  if (found !== undefined) return found.variable;
  throw new CellstateError('NOT_BUILT', `There is no parameter ${name}.`, {
    expected:
      stateOf(part).built === null
        ? 'a layer that a model has built'
        : `one of ${stateOf(part)
            .built?.map(({ spec }) => spec.name)
            .join(', ')}`,
    received: name,
    where: part.name,
  });
}

function stateOf(part: Part): PartState {
  return states.get(part) as PartState;
}
