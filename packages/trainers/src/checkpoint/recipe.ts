/** How a definition was made: a factory of this package and its options, from which it can be made again. */
export interface Recipe {
  readonly kind: 'optimizer' | 'loss' | 'metric' | 'schedule';
  /** The factory's name. */
  readonly make: string;
  readonly options: object;
}

// Kept beside the objects: a changed copy, { ...adam(), update }, must not pass for what it was copied from.
const recipes = new WeakMap<object, Recipe>();

/** Remembers how `made` was made. */
export function withRecipe<T extends object>(made: T, recipe: Recipe): T {
  recipes.set(made, { ...recipe, options: { ...recipe.options } });
  return made;
}

/** How a definition was made; undefined for one that a caller wrote. */
export function recipeOf(made: object): Recipe | undefined {
  return recipes.get(made);
}
