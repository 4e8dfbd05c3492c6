import type { Example } from './example/example.ts';
import { stockExample } from './stock/stock-example.ts';
import { tankExample } from './tank/tank-example.ts';

/** Every example by the name the command line knows, in the order they run. */
export const EXAMPLES: readonly Example[] = [tankExample, stockExample];
