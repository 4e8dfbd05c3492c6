/** A view of numbers as rows and columns: element (i, j) is `data[at + i · rowStride + j · columnStride]`. */
export interface Matrix {
  readonly data: Float32Array;
  readonly at: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

/** Sizes of a product: A is `rows × depth`, B `depth × columns`, C `rows × columns`. */
export interface ProductSize {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
}

/** Rows that lie one after the other. */
export function rowMajor(data: Float32Array, { columns, at = 0 }: { columns: number; at?: number }): Matrix {
  return { data, at, rowStride: columns, columnStride: 1 };
}

/** The transpose of a view; nothing is copied. */
export function transposed({ data, at, rowStride, columnStride }: Matrix): Matrix {
  return { data, at, rowStride: columnStride, columnStride: rowStride };
}
