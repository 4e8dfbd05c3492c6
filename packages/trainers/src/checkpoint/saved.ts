/** Typed arrays a checkpoint can hold. */
export type SavedValues = Float32Array | Float64Array | Int32Array | Uint8Array;

/**
 * What a checkpoint can hold: plain data and typed arrays. Numbers come back as the very same bits, NaN and the infinities
 * too; `undefined`, functions and objects of classes cannot be held.
 */
export type Saved = null | boolean | number | string | SavedValues | readonly Saved[] | { readonly [key: string]: Saved };

/** An array with its shape and the type of tensor it was. */
export type SavedArray = {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: SavedValues;
};

/** Whether two things that can be saved are the same, to the bit. */
export function sameSaved(a: Saved, b: Saved): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b) || ArrayBuffer.isView(a) !== ArrayBuffer.isView(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every(
      (key) => Object.hasOwn(b, key) && sameSaved((a as Record<string, Saved>)[key] as Saved, (b as Record<string, Saved>)[key] as Saved),
    )
  );
}
