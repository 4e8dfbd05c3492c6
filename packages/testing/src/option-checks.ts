import { expect, test } from 'vitest';

/** What a function that takes options is tested by. */
export interface OptionSubject {
  /** Calls it with what it cannot do without and these options. Throws what it throws. */
  readonly make: (options: Readonly<Record<string, unknown>>) => unknown;
  /** All that a caller can see of the result, as a text. */
  readonly observe: (options: Readonly<Record<string, unknown>>) => string | Promise<string>;
  /** Another value for each option, or `beside(others, value)` where it has no effect alone. Made anew for each call. */
  readonly changes: () => Readonly<Record<string, unknown>>;
}

interface Beside {
  readonly others: Readonly<Record<string, unknown>>;
  readonly value: unknown;
}

const BESIDE = Symbol('beside');

/** A value that shows only beside other options, which both sides of the comparison get. */
export function beside(others: Readonly<Record<string, unknown>>, value: unknown): unknown {
  return { [BESIDE]: true, others, value };
}

interface OptionChecks {
  readonly subjects: Readonly<Record<string, OptionSubject>>;
  /** Functions that take no options. */
  readonly without: readonly string[];
}

/**
 * Declares the tests that nothing is accepted and ignored: every function behind these doors is a subject or takes no options; an
 * unknown key is refused, a misspelt one with a suggestion; and every option that a subject knows changes something or throws.
 * The options are those the refusal lists, so that a new one cannot be forgotten.
 */
export function testOptions(doors: object, { subjects, without }: OptionChecks): void {
  test('every function is tested here or takes no options', () => {
    const functions = Object.entries(doors).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
    expect([...Object.keys(subjects), ...without].filter((name) => !/[. ]/.test(name)).sort()).toEqual(functions.sort());
  });

  test.each(Object.entries(subjects))('%s refuses an unknown option, and suggests what was meant', async (_name, { make }) => {
    for (const option of await knownOptions(make)) {
      const error = await refusal(() => make({ [`${option}${option.at(-1)}`]: 1 }));
      expect(error?.code, option).toBe('UNKNOWN_OPTION');
      // No suggestion is nearer to a single letter than any other letter is.
      if (option.length > 1) expect(error?.hint, option).toMatch(/^Did you mean '\w+'\?$/);
    }
  });

  test.each(Object.entries(subjects))('%s ignores no option', { timeout: 60_000 }, async (_name, { make, observe, changes }) => {
    const known = await knownOptions(make);
    expect(Object.keys(changes()).sort(), 'a value for each option').toEqual([...known].sort());
    const plain = await observe({});
    expect(await observe({}), 'the same twice').toBe(plain);
    const ignored: string[] = [];
    for (const option of known) {
      const change = () => (isBeside(changes()[option]) ? (changes()[option] as Beside) : { others: {}, value: changes()[option] });
      const before = Object.keys(change().others).length === 0 ? plain : await seen(() => observe(change().others));
      const { others, value } = change();
      const after = await seen(() => observe({ ...others, [option]: value }));
      if (after === before) ignored.push(option);
    }
    expect(ignored).toEqual([]);
  });
}

interface Refused {
  readonly name: string;
  readonly code: string;
  readonly expected: string;
  readonly hint?: string;
}

/** The options that a function says it knows when it is given one it cannot know. */
async function knownOptions(make: OptionSubject['make']): Promise<readonly string[]> {
  const error = await refusal(() => make({ unheardOfOption: 1 }));
  expect(error?.code, 'an unknown option is refused').toBe('UNKNOWN_OPTION');
  const { expected } = error as Refused;
  return expected === 'no options' ? [] : expected.replace('one of ', '').split(', ');
}

async function refusal(run: () => unknown): Promise<Refused | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return error as Refused;
  }
}

/** What is observed, or the refusal: an error of the house, since any other would be an accident. */
async function seen(observe: () => string | Promise<string>): Promise<string> {
  try {
    return await observe();
  } catch (error) {
    if ((error as Refused).name !== 'CellstateError') throw error;
    return String(error);
  }
}

function isBeside(change: unknown): change is Beside {
  return typeof change === 'object' && change !== null && BESIDE in change;
}
