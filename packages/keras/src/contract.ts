import type { Config, Layer, Model } from '@cellstate/layers';

/** A file: a path in Node; its bytes or a Blob anywhere. */
export type KerasFile = string | Uint8Array | ArrayBuffer | Blob;

/** Makes a layer of the configuration in a file. Keys are our spelling (`maxValue`), nested objects stay as Keras wrote them. */
export type LayerFactory = (config: Config) => Layer<unknown>;

export interface LoadOptions {
  /**
   * Layers this package does not know, by their Keras class (`'Attenuate'`) or registered name (`'shop>Attenuate'`). The name and
   * `trainable` of the file are in the configuration; the layer returned must have that name.
   */
  readonly customLayers?: Readonly<Record<string, LayerFactory>>;
  /** False leaves the compile settings unread; `compileConfig` is then null. Default true: settings that are not known throw. */
  readonly compile?: boolean;
  /** The largest file to open, and the most bytes to unpack from it. Default 512 MiB. */
  readonly maxBytes?: number;
}

/** An optimizer, schedule, loss or metric by its name with its options, as `createTrainer` takes it. */
export interface NamedSettings {
  readonly name: string;
  readonly [option: string]: unknown;
}

/** One for all outputs, or one for each, in order or by name. */
export type PerOutput<T> = T | null | readonly (T | null)[] | Readonly<Record<string, T | null>>;

/** What a Keras file says about training, in the words of `createTrainer`'s options. */
export interface CompileConfig {
  readonly optimizer?: string | NamedSettings;
  readonly loss?: PerOutput<string | NamedSettings>;
  readonly lossWeights?: readonly number[] | Readonly<Record<string, number>>;
  readonly metrics?: readonly unknown[] | Readonly<Record<string, unknown>>;
  readonly weightedMetrics?: readonly unknown[] | Readonly<Record<string, unknown>>;
}

/** A model of @cellstate/layers that came from a file. */
export interface LoadedModel<Output> extends Model<Output> {
  /** What `createTrainer(model, model.compileConfig)` trains it with; null when the model was not compiled. */
  readonly compileConfig: CompileConfig | null;
}

export interface SaveOptions {
  /** Written into the file. Default: the model's own `compileConfig`, if it was loaded with one. */
  readonly compileConfig?: CompileConfig | null;
}
