/** Members of an archive in their order. */
export type Members = Readonly<Record<string, Uint8Array>>;

/** Keras ignores the times, and equal models should give equal bytes. */
const TIME = '1980-01-01T12:00:00';

/** A zip archive whose members are stored as they are, as Keras does. */
export async function writeArchive(members: Members): Promise<Uint8Array> {
  const { zipSync } = await import('fflate');
  return zipSync(Object.fromEntries(Object.entries(members)), { level: 0, mtime: new Date(TIME) });
}
