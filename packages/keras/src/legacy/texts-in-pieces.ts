import type { Hdf5Group } from '../hdf5/hdf5-file.ts';

/** A list of texts in an attribute; long ones are split over `names0`, `names1`, … because an attribute holds 64 KiB. */
export function textsInPieces(group: Hdf5Group, attribute: string): readonly string[] | undefined {
  const whole = group.texts(attribute);
  if (whole !== undefined) return whole;
  const pieces: string[] = [];
  for (let index = 0; ; index++) {
    const piece = group.texts(`${attribute}${index}`);
    if (piece === undefined) return index === 0 ? undefined : pieces;
    pieces.push(...piece);
  }
}
