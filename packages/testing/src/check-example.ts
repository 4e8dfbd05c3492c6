import { matchLiteral } from './match-literal.ts';
import { parseLiteral } from './parse-literal.ts';

/** A result that an example states: `// → literal`, `// ≈ literal` (rounded numbers), or `// throws CODE`. */
export interface StatedResult {
  readonly kind: 'equal' | 'near' | 'throws';
  readonly expected: string;
  /** Where the statement stands in its file. */
  readonly line: number;
}

/**
 * Compares what a statement of an example gives with the result stated behind it. Examples call it through
 * `testExamples`; nobody else needs to.
 *
 * @throws Error that tells the first difference and the line.
 */
export async function checkExample(statement: () => Promise<unknown>, { kind, expected, line }: StatedResult): Promise<void> {
  if (kind === 'throws') {
    const outcome = await statement().then(
      () => 'nothing',
      (error: unknown) => String((error as { code?: unknown }).code ?? error),
    );
    if (outcome !== expected) throw new Error(`Line ${line}: expected it to throw ${expected}, it threw ${outcome}.`);
    return;
  }
  const found = matchLiteral(await statement(), parseLiteral(expected), { rounded: kind === 'near' });
  if (found !== undefined) throw new Error(`Line ${line}: ${found}.`);
}
