/** What a scaler does to one feature, value by value; learnt from data or given. */
export interface ColumnTransform {
  /** Earlier values it needs before its first result: 0 for scaling, the lag for differences. */
  readonly context: number;
  /** A fresh pass: takes the values in order, gives undefined for the first `context` ones. */
  forward(): (value: number, where: string) => number | undefined;
  /** A fresh pass back; `after` holds exactly the `context` original values right before the first result. */
  inverse(after: readonly number[]): (value: number) => number;
  toJSON(): ColumnJson;
}

/** A column transform as plain data. */
export type ColumnJson =
  | { readonly kind: 'affine'; readonly shift: number; readonly scale: number; readonly low: number; readonly high: number }
  | { readonly kind: 'differences'; readonly lag: number }
  | { readonly kind: 'logReturns'; readonly lag: number }
  | { readonly kind: 'chain'; readonly parts: readonly ColumnJson[] };

/** Learns a column transform from values that come one by one. */
export interface ColumnFit {
  /** Says that the next value begins another series. */
  restart(): void;
  add(value: number, where: string): void;
  finish(): ColumnTransform;
}
