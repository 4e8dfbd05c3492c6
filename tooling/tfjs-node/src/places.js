import path from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('../../../.cache', import.meta.url));

/** The folders of the recipe, all of them ignored by git. */
export const PLACES = {
  /** A virtual environment with TensorFlow's wheel; the benchmark's Python peers live in it too. */
  python: path.join(cache, 'python'),
  /** An npm project whose tfjs-node is linked against the libraries of that wheel. */
  project: path.join(cache, 'tfjs-node'),
};
