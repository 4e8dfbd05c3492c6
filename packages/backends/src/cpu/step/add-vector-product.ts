/** A row vector within an array, and the columns of a row-major matrix that it is multiplied with. */
export interface VectorProduct {
  readonly vector: Float32Array | Float64Array;
  /** Where the vector begins. */
  readonly at: number;
  readonly length: number;
  /** `[length, stride]` */
  readonly matrix: Float32Array;
  readonly stride: number;
  /** The first column and the one behind the last. */
  readonly first: number;
  readonly end: number;
}

/**
 * sums[j] += Σ vector[k] · matrix[k, j] for the columns from `first` to `end`, in float64. Four rows at a time, so that each sum is
 * read and written once for four products; the matrix is read in the order it lies in memory.
 */
export function addVectorProduct(sums: Float64Array, { vector, at, length, matrix, stride, first, end }: VectorProduct): void {
  const whole = length - (length % 4);
  for (let k = 0; k < whole; k += 4) {
    const a = vector[at + k];
    const b = vector[at + k + 1];
    const c = vector[at + k + 2];
    const d = vector[at + k + 3];
    const row0 = k * stride;
    const row1 = row0 + stride;
    const row2 = row1 + stride;
    const row3 = row2 + stride;
    for (let j = first; j < end; j++) {
      sums[j] += a * matrix[row0 + j] + b * matrix[row1 + j] + c * matrix[row2 + j] + d * matrix[row3 + j];
    }
  }
  for (let k = whole; k < length; k++) {
    const factor = vector[at + k];
    const row = k * stride;
    for (let j = first; j < end; j++) sums[j] += factor * matrix[row + j];
  }
}
