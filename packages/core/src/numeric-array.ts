/** Numbers of one kind, row-major: floats, integers (categories, token ids), or bytes (masks: 1 is a real step). */
export type NumericArray = Float32Array | Int32Array | Uint8Array;

/** Whether `value` is one of the three kinds. */
export function isNumericArray(value: unknown): value is NumericArray {
  return value instanceof Float32Array || value instanceof Int32Array || value instanceof Uint8Array;
}

/** Zeros of the kind of `like`. */
export function blankLike(like: NumericArray, length: number): NumericArray {
  if (like instanceof Float32Array) return new Float32Array(length);
  return like instanceof Int32Array ? new Int32Array(length) : new Uint8Array(length);
}
