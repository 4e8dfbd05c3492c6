/** A fence of TypeScript in a README or under an `@example` of a docstring. */
export interface Example {
  /** The name of the declaration the docstring stands above, or of the heading the fence stands below. */
  readonly name: string;
  /** The line of the first line of code in its file, from 1. */
  readonly line: number;
  readonly code: string;
}

/**
 * Every example of a file, in order: each ```ts fence of Markdown, each one below an `@example` of a source file.
 *
 * A fence whose info string goes on (```ts no-run) is not an example.
 */
export function listExamples(file: string, text: string): Example[];
