import type { Plugin } from 'vitest/config';

/**
 * Serves each example of a file as a module, `file?example=2&lang.ts`, in which every statement that states its result
 * is a check: `expression; // → literal`, `// ≈ literal` or `// throws CODE`, beside it or on the next line.
 */
export function exampleModules(): Plugin;

/**
 * The module of an example: its code, at the line where it stands in its file, with stated results checked.
 *
 * @param checker where the module finds `checkExample`; default `'@cellstate/testing'`.
 */
export function exampleModule(example: { readonly line: number; readonly code: string }, checker?: string): string;
