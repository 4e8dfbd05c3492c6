import type { Arena } from './arena.ts';

/** The fields of a product as the kernels read it, four bytes each, in the order of `assembly/multiply-part.ts`. */
export const PRODUCT_FIELDS = [
  'c',
  'cStep',
  'a',
  'aStep',
  'aRow',
  'aColumn',
  'b',
  'bStep',
  'bRow',
  'bColumn',
  'rows',
  'columns',
  'depth',
  'count',
  'room',
] as const;

/** Of one product; each block of it works in a room of its own. */
export type ProductValues = { readonly [field in Exclude<(typeof PRODUCT_FIELDS)[number], 'room'>]: number };

/** Bytes of a product's fields. */
export const PRODUCT_BYTES: number = PRODUCT_FIELDS.length * 4;

/** Writes the fields at an address, a multiple of four. */
export function writeProduct({ integers }: Arena, address: number, values: ProductValues, room: number): void {
  let at = address >> 2;
  for (const field of PRODUCT_FIELDS) integers[at++] = field === 'room' ? room : values[field];
}
