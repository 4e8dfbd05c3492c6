import type { LiveAnswer } from './compare-answer.ts';

/** Where ours and Keras part on purpose, or Keras fails by mistake: no mismatch. decisions/0006 says why. */
interface Parting {
  /** What Keras says; absent: it accepts. */
  readonly keras?: RegExp;
  /** What our error says; absent: we accept. */
  readonly ours?: RegExp;
  /** Whether the configuration is of the kind that is meant. */
  when(answer: LiveAnswer): boolean;
  readonly why: string;
}

export const PARTINGS: readonly Parting[] = [
  {
    keras: /^IndexError: Exception encountered when calling BatchNormalization[.]call\(\)/,
    when: (answer) => isMasked(answer) && holds(answer, ({ type }) => type === 'batchNormalization'),
    why: 'Keras cannot take masked statistics of a single feature.',
  },
  {
    keras: /^(Value|Index)Error: Exception encountered when calling (RNN|(LSTM|GRU|SimpleRNN)Cell)[.]call\(\)/,
    when: (answer) =>
      holds(answer, ({ type, cell, unroll }) => {
        return type === 'rnn' && Array.isArray(cell) && cell.length === 1 && (unroll === true || isMasked(answer));
      }),
    why: 'Keras cannot run a stack of one cell unrolled, or over a mask.',
  },
  {
    ours: /UNROLL_NEEDS_STEPS/,
    when: (answer) => isOpen(answer) && holds(answer, ({ unroll }) => unroll === true),
    why: 'Keras unrolls over an open number of steps when it is called at once, and fails in fit and predict.',
  },
  {
    ours: /The sequence is shorter than one window[.]/,
    when: (answer) => isOpen(answer) && holds(answer, ({ type }) => /^(conv|maxPooling|averagePooling)1d$/.test(String(type))),
    why: 'Keras gives no steps at all for a sequence shorter than a window where its length was left open, and refuses it elsewhere.',
  },
  {
    keras: /^ValueError: When using `stateful=True` in a RNN, the batch size must be static/,
    when: (answer) => holds(answer, ({ stateful }) => stateful === true),
    why: 'Ours carries state for any number of rows, and holds later batches to the first.',
  },
  {
    keras: /^ValueError: could not broadcast input array from shape [(]\d+,[^)]*[)] into shape [(]0,/,
    when: (answer) => 'cut' in answer && answer.cut === 'padSequences' && answer.options.maxLength === 0,
    why: 'Keras means to keep the last 0 values of a sequence, and keeps all.',
  },
  {
    keras: /^ValueError: Shape of sample \(\) of sequence at position \d+ is different from expected shape/,
    when: (answer) => 'cut' in answer && answer.cut === 'padSequences' && answer.options.maxLength === 0,
    why: 'Keras forgets how many features a step has once it has cut all steps off.',
  },
  {
    ours: /as many units to be merged/,
    when: (answer) => holds(answer, ({ type, mergeMode }) => type === 'bidirectional' && /^(sum|mul|ave)$/.test(String(mergeMode))),
    why: 'Keras adds directions of different widths where one width is 1, and then says another shape than it gives.',
  },
  {
    keras: /^TypeError: unsupported operand type[(]s[)] for [*]: 'generator' and 'int'/,
    when: (answer) =>
      holds(answer, ({ type, layer }) => type === 'bidirectional' && ['returnState', 'stateful'].every((key) => (layer as Described)[key])),
    why: 'Keras cannot say the masks of a stateful bidirectional layer that gives its states.',
  },
  {
    keras: /^IndexError: Exception encountered when calling TimeDistributed[.]call\(\)/,
    when: (answer) => isMasked(answer) && holds(answer, ({ type, layer }) => type === 'timeDistributed' && holds(layer, isRecurrent)),
    why: 'Keras hands a recurrent layer inside the mask of the outer steps, which has no axis for its own.',
  },
  {
    keras: /^ValueError: .*BatchNormalization[.]call\(\). The mask provided should be one dimension less than the inputs/,
    when: (answer) => isMasked(answer) && holds(answer, ({ type }) => type === 'batchNormalization'),
    why: 'Keras refuses a mask of steps where a step has more than one axis.',
  },
  {
    ours: /The mask has other steps than the input[.]/,
    when: (answer) =>
      isMasked(answer) &&
      holds(answer, ({ type, dataFormat }) => type === 'globalAveragePooling1d' && /^channels_?first$/i.test(String(dataFormat))),
    why: 'Keras multiplies what lies as channels and steps by a mask of batch and first axis, and broadcasts one along the other.',
  },
  {
    ours: /There is no such axis beside the batch[.]/,
    when: (answer) => holds(answer, ({ type, axis }) => type === 'layerNormalization' && [axis].flat().some((one) => Number(one) < -1)),
    why: 'Keras normalizes over the batch where an axis counted from the end arrives there.',
  },
  {
    keras: /^(Index|Value)Error: Exception encountered when calling \w+[.]call[(][)]/,
    when: (answer) =>
      JSON.stringify(answer).includes('"initialState":') &&
      holds(answer, ({ type, backwardLayer }) => type === 'bidirectional' && backwardLayer !== undefined),
    why: 'Keras gives each direction half of the initial states, however many it has.',
  },
  {
    keras: /Exception encountered when calling/,
    when: (answer) =>
      holds(answer, ({ type, mergeMode = 'concat', layer, backwardLayer }) => {
        return (
          type === 'bidirectional' && mergeMode === 'concat' && backwardLayer !== undefined && widthOf(layer) !== widthOf(backwardLayer)
        );
      }),
    why: 'Keras takes both directions for as wide as the first, and a layer built on that fails when it runs.',
  },
];

type Described = Readonly<Record<string, unknown>>;

/** Whether any description of a layer within a configuration is like this. */
function holds(within: unknown, like: (described: Described) => boolean): boolean {
  if (typeof within !== 'object' || within === null) return false;
  if ('type' in within && like(within as Described)) return true;
  return Object.entries(within).some(([key, value]) => key !== 'keras' && holds(value, like));
}

function isRecurrent({ type }: Described): boolean {
  return ['lstm', 'gru', 'simpleRnn', 'rnn', 'bidirectional'].includes(String(type));
}

/** Units of a described recurrent layer, or of its last cell. */
function widthOf(layer: unknown): unknown {
  const { units, cell } = layer as Described;
  return units ?? ([cell].flat().at(-1) as Described).units;
}

/** Whether a mask may reach a layer: by a layer that makes one, beside an input, or given to a call. */
function isMasked(answer: LiveAnswer): boolean {
  return (
    'mask' in answer ||
    JSON.stringify(answer).includes('"mask":') ||
    holds(answer, ({ type, maskZero }) => type === 'masking' || maskZero === true)
  );
}

/** Whether the model leaves a length open, the batch not counted. */
function isOpen(answer: LiveAnswer): boolean {
  return 'inputs' in answer && Object.values(answer.inputs).some(({ declared = [] }) => declared.slice(1).includes(null));
}
