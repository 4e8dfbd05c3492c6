import type { Config } from '@cellstate/layers';

/** What is needed of a layer of a graph to name it. */
export interface NamedEntry {
  readonly name: string;
  readonly className: string;
  readonly config: Config;
  readonly inboundNodes: readonly { readonly inputs: readonly (readonly [string, number, number])[] }[];
}

/**
 * The names to write. They are the layers' own but for one case: Keras makes masks anew when it loads a file, and names the operation that joins
 * them `concatenate`, whether or not a layer has that name; then it refuses the model for having a name twice. So beside a joined mask
 * such a layer becomes `concatenate_layer`.
 */
export function namesBesideMasks(entries: readonly NamedEntry[]): ReadonlyMap<string, string> {
  const names = new Map(entries.map(({ name }) => [name, name]));
  if (!joinsMasks(entries)) return names;
  for (const { name } of entries) {
    if (!/^concatenate(_\d+)?$/.test(name)) continue;
    let free = name.replace('concatenate', 'concatenate_layer');
    while (names.has(free)) free = `${free}_`;
    names.set(name, free);
  }
  return names;
}

/** Whether a layer that joins is behind one that makes a mask. */
function joinsMasks(entries: readonly NamedEntry[]): boolean {
  const makers = entries.filter(
    ({ className, config }) => className === 'Masking' || (className === 'Embedding' && config.maskZero === true),
  );
  const behind = new Set(makers.map(({ name }) => name));
  for (const name of behind) {
    for (const entry of entries)
      if (entry.inboundNodes.some(({ inputs }) => inputs.some(([from]) => from === name))) behind.add(entry.name);
  }
  return entries.some(({ name, className }) => className === 'Concatenate' && behind.has(name));
}
