import { expect, test } from 'vitest';
import { throwSites, unreachedThrows } from './throw-sites.ts';

/** What is wrong, in words, and the code that is refused. */
export type Refusal = readonly [what: string, run: () => unknown];

/** The fields every error of the house has. */
interface Told extends Error {
  readonly code: string;
  readonly expected: string;
  readonly received: string;
  readonly where: string;
  readonly hint?: string;
}

interface RefusalOptions {
  /** The sources whose every `throw` must be reached. */
  readonly sources: string;
  /** The file of all texts, one below the other. */
  readonly texts: string;
}

/**
 * Declares the tests of a package's errors: each refusal is one, says everything in words a reader can use, and reads as it did;
 * and together they reach every `throw` of the sources.
 */
export function testRefusals(cases: readonly Refusal[], { sources, texts }: RefusalOptions): void {
  const caught: { what: string; error: Told }[] = [];

  test('each is refused, and says what, where and what would be right', { timeout: 120_000 }, async () => {
    const unsound: string[] = [];
    for (const [what, run] of cases) {
      const error = await refused(run);
      if (!(error instanceof Error)) unsound.push(`${what}: is accepted`);
      else {
        caught.push({ what, error: error as Told });
        unsound.push(...faults(error as Told).map((fault) => `${what}: ${fault}: ${error.message}`));
      }
    }
    expect(unsound).toEqual([]);
    expect(new Set(cases.map(([what]) => what)).size, 'one name each').toBe(cases.length);
  });

  test('all texts are as they were', async () => {
    const text = caught.map(({ what, error }) => `# ${what}\n${error.message}\n`).join('\n');
    await expect(text).toMatchFileSnapshot(texts);
  });

  test('every throw of the package is reached', () => {
    expect(throwSites(sources).length).toBeGreaterThan(0);
    expect(
      unreachedThrows(
        sources,
        caught.map(({ error }) => error),
      ),
    ).toEqual([]);
  });
}

async function refused(run: () => unknown): Promise<unknown> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** What an error leaves unsaid, or says as only a machine would. */
function faults(error: Told): readonly string[] {
  const { code, message, hint } = error;
  const said = { ...error, ...(hint === undefined ? {} : { hint }) } as unknown as Record<string, unknown>;
  const fields = ['expected', 'received', 'where'].flatMap((field) =>
    typeof said[field] === 'string' && (said[field] as string).trim() !== '' ? [] : [`${field} is missing`],
  );
  return [
    ...(error.name === 'CellstateError' ? [] : [`a ${error.name}`]),
    ...(/^[A-Z][A-Z0-9_]+$/.test(code) ? [] : [`the code ${code}`]),
    ...fields,
    ...(/\[object |\) \{|=>/.test(error.received) ? ['the text of an object or a function'] : []),
    ...(/^['`A-Za-z].*[.] \[[A-Z0-9_]+\]$/.test(message.split('\n')[0] as string) ? [] : ['no sentence']),
    ...(/[ \t]$/m.test(message) ? ['a line that ends in nothing'] : []),
    ...(message.split('\n').length <= 6 ? [] : ['more lines than fields']),
    ...message.split('\n').flatMap((line) => (line.length <= LONGEST ? [] : [`a line of ${line.length} characters`])),
  ];
}

/** Four lines of a terminal of 120 columns. */
const LONGEST = 480;
