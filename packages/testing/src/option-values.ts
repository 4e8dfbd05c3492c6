import { readFileSync } from 'node:fs';

/** The values of an option that fixtures must hold; `any` where they depend on shapes. */
type OptionValues = readonly unknown[] | 'any';

interface Table {
  readonly lists: Readonly<Record<string, readonly unknown[]>>;
  /** By factory, and under `''` for all. */
  readonly defaults: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly everyLayer: Readonly<Record<string, OptionValues | string>>;
  readonly factories: Readonly<Record<string, Readonly<Record<string, OptionValues | string>>>>;
  readonly withoutLayerOptions: Readonly<Record<string, Readonly<Record<string, OptionValues | string>>>>;
}

export interface FactoryOptions {
  readonly factory: string;
  readonly options: Readonly<Record<string, OptionValues>>;
  /** The effective value of an option that is left out. */
  defaultOf(option: string): unknown;
}

/** Every factory with the values of its options that are drawn against Keras: fixtures/option-values.json, which Python reads too. */
export function optionValues(): readonly FactoryOptions[] {
  const table = JSON.parse(readFileSync(new URL('../fixtures/option-values.json', import.meta.url), 'utf8')) as Table;
  const resolved = (values: OptionValues | string): OptionValues =>
    typeof values === 'string' && values !== 'any' ? (table.lists[values] as readonly unknown[]) : (values as OptionValues);
  const entry = (factory: string, own: Readonly<Record<string, OptionValues | string>>): FactoryOptions => {
    const options = Object.fromEntries(Object.entries(own).map(([option, values]) => [option, resolved(values)]));
    return { factory, options, defaultOf: (option) => defaultOf(table, { factory, option, values: options[option] ?? 'any' }) };
  };
  const { activityRegularizer: _, ...ofCells } = table.everyLayer;
  return [
    ...Object.entries(table.factories).map(([factory, own]) =>
      entry(factory, { ...(factory.endsWith('Cell') ? ofCells : table.everyLayer), ...own }),
    ),
    ...Object.entries(table.withoutLayerOptions).map(([factory, own]) => entry(factory, own)),
  ];
}

function defaultOf({ defaults }: Table, { factory, option, values }: { factory: string; option: string; values: OptionValues }): unknown {
  const own = defaults[factory] ?? {};
  if (option in own) return own[option];
  const general = defaults[''] ?? {};
  if (option in general) return general[option];
  return JSON.stringify(values) === '[false,true]' ? false : null;
}
