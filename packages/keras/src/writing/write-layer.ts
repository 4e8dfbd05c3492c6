import type { Config } from '@cellstate/layers';
import type { Json, JsonObject } from '../config/json.ts';
import { CELL_CLASSES, LAYER_CLASSES } from '../config/layer-classes.ts';
import { camelCase, underscored } from '../config/spelling.ts';
import { swapsZeros } from '../config/swapped-zeros.ts';
import type { Described, Place } from './described.ts';
import { writeFunctional } from './write-functional.ts';
import { writeSequential } from './write-sequential.ts';
import { serialized, writeActivation, writeNamed } from './write-value.ts';

/**
 * The serialized object of a layer or cell, in the words that every Keras 3 understands.
 *
 * @throws CellstateError `NOT_SERIALIZABLE`.
 */
export function writeLayer({ className, config }: Described, { where, part }: Place): JsonObject {
  const place = `${where}, ${String(config.name)}`;
  if (className === 'Sequential') return serialized('keras', 'Sequential', writeSequential(config, { where: place, part, writeLayer }));
  if (className === 'Functional') {
    return {
      module: 'keras.src.models.functional',
      class_name: 'Functional',
      config: writeFunctional(config, { where: place, part, writeLayer }),
      registered_name: 'Functional',
    };
  }
  if (className === 'InputLayer') return serialized('keras.layers', className, writeInput(config));
  if (className === 'StackedRNNCells' || Object.hasOwn(CELL_CLASSES, className)) {
    return serialized('keras.layers', className, writeOptions(config, { where: place, part, without: [], lists: [] }));
  }
  const known = Object.hasOwn(LAYER_CLASSES, className) ? LAYER_CLASSES[className] : undefined;
  if (known === undefined) return writeCustom(className, config, { where: place, part });
  const { callKeys = [], lists = [], refused = [], late = {} } = known;
  const silent = Object.keys(late).filter((key) => config[camelCase(key)] === late[key]);
  const written = writeOptions(config, {
    where: place,
    part,
    without: [...callKeys, ...refused, ...silent],
    lists: className === 'BatchNormalization' ? [] : lists,
  });
  return serialized('keras.layers', className, { ...written, ...(swapsZeros(written) ? { unroll: false } : {}) });
}

/** Keras registers a class of the user's as `package>name`; `Custom` is the package of those that name none. */
function writeCustom(className: string, config: Config, place: Place): JsonObject {
  return {
    module: null,
    class_name: className,
    config: writeOptions(config, { ...place, without: [], lists: [] }),
    registered_name: `Custom>${className}`,
  };
}

function writeInput({ name, batchShape, dtype }: Config): JsonObject {
  return { batch_shape: batchShape as Json, dtype: dtype as Json, sparse: false, name: name as Json };
}

interface Writing extends Place {
  /** Keys that belong elsewhere. */
  readonly without: readonly string[];
  /** Keys whose number Keras keeps in a list. */
  readonly lists: readonly string[];
}

function writeOptions({ name, trainable, ...options }: Config, { where, part, without, lists }: Writing): JsonObject {
  const entries = Object.entries(options).map(([key, value]): [string, Json] => {
    const written = writeOption(underscored(key), value as Config[string], { where, part });
    return [underscored(key), lists.includes(underscored(key)) && typeof written === 'number' ? [written] : written];
  });
  const base: [string, Json][] = [
    ['name', name as Json],
    ['trainable', trainable as Json],
    ['dtype', 'float32'],
  ];
  return Object.fromEntries([...base, ...entries].filter(([key]) => !without.includes(key)));
}

function writeOption(key: string, value: Config[string], { where, part }: Place): Json {
  const place = `${where}, ${key}`;
  if (key.endsWith('_initializer')) return writeNamed(value, 'keras.initializers', place);
  if (key.endsWith('_regularizer')) return writeNamed(value, 'keras.regularizers', place);
  if (key.endsWith('_constraint')) return writeNamed(value, 'keras.constraints', place);
  if (key.endsWith('activation')) return writeActivation(value, place);
  if (key === 'data_format') return underscored(String(value));
  const child = part?.children.find(({ role }) => role === key)?.part;
  if (key === 'cell' || key === 'layer' || key === 'backward_layer')
    return writeLayer(value as unknown as Described, { where, part: child });
  if (key === 'cells') return (value as unknown as Described[]).map((cell) => writeLayer(cell, { where, part: child }));
  return value as Json;
}
