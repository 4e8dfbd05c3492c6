import type { KerasFixtures } from './keras-fixtures.ts';
import { type FactoryOptions, optionValues } from './option-values.ts';

export interface ValueCount {
  readonly factory: string;
  readonly option: string;
  /** As JSON; `any` for an option whose values depend on shapes. */
  readonly value: string;
  /** How many fixtures hold it, given or by default. */
  readonly fixtures: number;
}

export interface OptionCoverage {
  readonly values: readonly ValueCount[];
  /** Pairs of values of two options of one recurrent layer or cell; long lists count as the default and all others. */
  readonly pairs: { readonly all: number; readonly missing: readonly string[] };
}

const RECURRENT = ['lstm', 'gru', 'simpleRnn', 'rnn', 'lstmCell', 'gruCell', 'simpleRnnCell'];
/** More values than these, or values that are objects, count as the default and others. */
const FEW = 4;

/** How often the fixtures hold each value of each option, and each pair of values of recurrent options. */
export function optionCoverage(fixtures: KerasFixtures): OptionCoverage {
  const table = optionValues();
  const factories = new Map(table.map((entry) => [entry.factory, entry]));
  const counts = new Map<string, number>();
  const pairs = new Set<string>();
  for (const fixture of descriptions(fixtures)) {
    const seen = new Set<string>();
    for (const { entry, given } of configurations(fixture, factories)) {
      for (const option of Object.keys(entry.options)) {
        const value = effectiveValue(entry, option, given);
        if (value !== undefined) seen.add(key(entry.factory, option, value));
      }
      if (RECURRENT.includes(entry.factory)) for (const pair of pairsOf(entry, (option) => level(entry, option, given))) pairs.add(pair);
    }
    for (const one of seen) counts.set(one, (counts.get(one) ?? 0) + 1);
  }
  const values = table.flatMap(({ factory, options }) =>
    Object.entries(options).flatMap(([option, list]) =>
      (list === 'any' ? ['any'] : list.map((value) => JSON.stringify(value))).map((value) => {
        const fixtures = counts.get(key(factory, option, value)) ?? 0;
        return { factory, option, value, fixtures };
      }),
    ),
  );
  const possible = table.filter(({ factory }) => RECURRENT.includes(factory)).flatMap(allPairs);
  return { values, pairs: { all: possible.length, missing: possible.filter((pair) => !pairs.has(pair)) } };
}

/** The coverage as text: a line for each factory, what is lacking, the sums. */
export function coverageReport({ values, pairs }: OptionCoverage, least: number): string {
  const factories = [...new Set(values.map(({ factory }) => factory))];
  const lines = factories.map((factory) => {
    const own = values.filter((count) => count.factory === factory);
    if (own.length === 0) return `${factory}: no options`;
    const fewest = Math.min(...own.map(({ fixtures }) => fixtures));
    return `${factory}: ${own.length} values of ${new Set(own.map(({ option }) => option)).size} options, each in at least ${fewest} fixtures`;
  });
  const lacking = values.filter(({ fixtures }) => fixtures < least);
  return [
    ...lines,
    ...lacking.map(({ factory, option, value, fixtures }) => `lacking: ${factory}, ${option}: ${value} is in ${fixtures}`),
    ...pairs.missing.map((pair) => `lacking: ${pair}`),
    `${values.length - lacking.length} of ${values.length} values in at least ${least} fixtures; ${pairs.all - pairs.missing.length} of ${pairs.all} pairs of recurrent options in one`,
  ].join('\n');
}

type Given = Readonly<Record<string, unknown>>;

/** What describes layers, rules or cuts in each fixture. */
function descriptions({ layers, training, callbacks, windows }: KerasFixtures): readonly unknown[] {
  return [
    ...[...layers, ...training].map(({ keras: _, ...description }) => description),
    ...callbacks.map(({ callback, options }) => ({ ...options, type: callback })),
    ...windows.map(({ cut, options }) => ({ ...options, type: cut })),
  ];
}

/** Every factory with its options within a description. */
function configurations(
  within: unknown,
  factories: ReadonlyMap<string, FactoryOptions>,
): readonly { readonly entry: FactoryOptions; readonly given: Given }[] {
  if (typeof within !== 'object' || within === null) return [];
  const inner = Object.values(within).flatMap((value) => configurations(value, factories));
  const entry = factories.get(String((within as Given).type));
  return entry === undefined ? inner : [{ entry, given: within as Given }, ...inner];
}

function effectiveValue({ options, defaultOf }: FactoryOptions, option: string, given: Given): string | undefined {
  if (options[option] === 'any') return option in given ? 'any' : undefined;
  const value = option in given ? given[option] : defaultOf(option);
  return JSON.stringify(option === 'name' && value !== null ? 'named' : value);
}

function level(entry: FactoryOptions, option: string, given: Given): string | undefined {
  const value = effectiveValue(entry, option, given);
  if (value === undefined || !isLong(entry, option)) return value;
  return value === JSON.stringify(entry.defaultOf(option)) ? 'the default' : 'another';
}

function isLong({ options }: FactoryOptions, option: string): boolean {
  const values = options[option];
  return values !== 'any' && values !== undefined && values.length > FEW;
}

function pairsOf({ factory, options }: FactoryOptions, of: (option: string) => string | undefined): string[] {
  const names = Object.keys(options).filter((option) => of(option) !== undefined);
  return names.flatMap((first, i) => names.slice(i + 1).map((second) => pair(factory, [first, of(first)], [second, of(second)])));
}

function allPairs(entry: FactoryOptions): string[] {
  const levels = (option: string): string[] => {
    const values = entry.options[option];
    if (values === 'any' || values === undefined) return ['any'];
    return isLong(entry, option) ? ['the default', 'another'] : values.map((value) => JSON.stringify(value));
  };
  const names = Object.keys(entry.options);
  return names.flatMap((first, i) =>
    names
      .slice(i + 1)
      .flatMap((second) => levels(first).flatMap((a) => levels(second).map((b) => pair(entry.factory, [first, a], [second, b])))),
  );
}

function pair(factory: string, [first, a]: readonly [string, unknown], [second, b]: readonly [string, unknown]): string {
  return `${factory}: ${first} ${a} with ${second} ${b}`;
}

function key(factory: string, option: string, value: string): string {
  return `${factory} ${option} ${value}`;
}
