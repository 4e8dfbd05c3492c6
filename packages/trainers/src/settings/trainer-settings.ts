/** An optimizer, schedule, loss or metric as plain data: the name of its factory in any of Keras' spellings, and its options. */
export interface NamedSettings {
  readonly name: string;
  readonly [option: string]: unknown;
}

/** What is trained how, as plain data: what a file of Keras' says about training, say. */
export interface TrainerSettings {
  readonly optimizer?: string | NamedSettings;
  /** One for all outputs, or one for each, in order or by name. */
  readonly loss?:
    | string
    | NamedSettings
    | null
    | readonly (string | NamedSettings | null)[]
    | Readonly<Record<string, string | NamedSettings | null>>;
  readonly lossWeights?: readonly number[] | Readonly<Record<string, number>>;
  readonly metrics?: readonly unknown[] | Readonly<Record<string, unknown>>;
  readonly weightedMetrics?: readonly unknown[] | Readonly<Record<string, unknown>>;
  readonly seed?: number;
}
