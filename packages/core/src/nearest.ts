/**
 * The known word that a misspelt one most likely means: the nearest by edit distance (Levenshtein), at most 3, with case
 * and underscores left out, so that Keras' spellings find theirs. Undefined when none is near.
 *
 * @example
 * ```ts
 * import { nearest } from '@cellstate/core';
 *
 * nearest('return_sequences', ['returnState', 'returnSequences']); // → 'returnSequences'
 * nearest('colour', ['units']); // → undefined
 * ```
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replaceAll('_', '');
  let best: string | undefined;
  let least = 4;
  for (const candidate of known) {
    const distance = editDistance(plain(word), plain(candidate));
    if (distance < least && distance < candidate.length) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(substitution, (previous[j] as number) + 1, (row[j - 1] as number) + 1));
    }
    previous = row;
  }
  return previous[b.length] as number;
}
