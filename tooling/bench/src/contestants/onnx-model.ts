// A model file of ONNX is a protocol buffer. The few messages that an LSTM needs are written here field by field; the
// numbers are those of onnx.proto.

import type { Values } from '../problem.ts';
import type { Task } from '../task.ts';

const FLOAT = 1;
const INT64 = 7;
const KIND_OF_INT = 2;
const LSTM_GATES_OF_KERAS = { input: 0, forget: 1, candidate: 2, output: 3 } as const;
/** The order in which ONNX has an LSTM's gates. */
const ORDER = ['input', 'output', 'forget', 'candidate'] as const;

/**
 * LSTM → Dense(1) as an ONNX model: inputs `x` `[batch, time, features]`, `hidden0`, `cell0`; outputs `output` `[batch, 1]`,
 * `hidden`, `cell`. States are `[1, batch, units]`.
 */
export function lstmModel({ batch, time, features, units }: Task, given: readonly Values[]): Uint8Array {
  const [kernel, recurrentKernel, bias, denseKernel, denseBias] = given as [Values, Values, Values, Values, Values];
  const gates = (values: Float32Array, rows: number) => gateRows(values, { rows, units });
  const nodes = [
    node('Transpose', { inputs: ['x'], outputs: ['steps'], attributes: [integers('perm', [1, 0, 2])] }),
    node('LSTM', {
      inputs: ['steps', 'W', 'R', 'B', '', 'hidden0', 'cell0'],
      outputs: ['', 'hidden', 'cell'],
      attributes: [integer('hidden_size', units)],
    }),
    node('Squeeze', { inputs: ['hidden', 'axis'], outputs: ['last'], attributes: [] }),
    node('Gemm', { inputs: ['last', 'dense', 'dense_bias'], outputs: ['output'], attributes: [] }),
  ];
  const constants = [
    floats('W', [1, 4 * units, features], gates(kernel.data, features)),
    floats('R', [1, 4 * units, units], gates(recurrentKernel.data, units)),
    // The second half is a bias of the recurrent product, which Keras' LSTM has not.
    floats('B', [1, 8 * units], Float32Array.of(...gates(bias.data, 1), ...new Float32Array(4 * units))),
    floats('dense', [units, 1], denseKernel.data),
    floats('dense_bias', [1], denseBias.data),
    constant('axis', { type: INT64, shape: [1], bytes: new Uint8Array(8) }),
  ];
  const states = ['hidden', 'cell'] as const;
  const inputs = [port('x', [batch, time, features]), ...states.map((name) => port(`${name}0`, [1, batch, units]))];
  const outputs = [port('output', [batch, 1]), ...states.map((name) => port(name, [1, batch, units]))];
  const graph = message(
    ...nodes.map((bytes) => field(1, bytes)),
    field(2, 'lstm'),
    ...constants.map((bytes) => field(5, bytes)),
    ...inputs.map((bytes) => field(11, bytes)),
    ...outputs.map((bytes) => field(12, bytes)),
  );
  return message(number(1, 7), field(7, graph), field(8, message(field(1, ''), number(2, 14))));
}

/** Keras has `[rows, 4 · units]`; ONNX one row a unit, gate by gate in an order of its own: `[4 · units, rows]`. */
function gateRows(values: Float32Array, { rows, units }: { rows: number; units: number }): Float32Array {
  const into = new Float32Array(values.length);
  let at = 0;
  for (const gate of ORDER) {
    for (let unit = 0; unit < units; unit++) {
      for (let row = 0; row < rows; row++) into[at++] = values[row * 4 * units + LSTM_GATES_OF_KERAS[gate] * units + unit] as number;
    }
  }
  return into;
}

interface Node {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly Uint8Array[];
}

function node(operator: string, { inputs, outputs, attributes }: Node): Uint8Array {
  return message(
    ...inputs.map((name) => field(1, name)),
    ...outputs.map((name) => field(2, name)),
    field(4, operator),
    ...attributes.map((bytes) => field(5, bytes)),
  );
}

function integer(name: string, value: number): Uint8Array {
  return message(field(1, name), number(3, value), number(20, KIND_OF_INT));
}

function integers(name: string, values: readonly number[]): Uint8Array {
  return message(field(1, name), ...values.map((value) => number(8, value)), number(20, 7));
}

function floats(name: string, shape: readonly number[], values: Float32Array): Uint8Array {
  return constant(name, { type: FLOAT, shape, bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) });
}

function constant(name: string, { type, shape, bytes }: { type: number; shape: readonly number[]; bytes: Uint8Array }): Uint8Array {
  return message(...shape.map((length) => number(1, length)), number(2, type), field(8, name), field(9, bytes));
}

function port(name: string, shape: readonly number[]): Uint8Array {
  const axes = message(...shape.map((length) => field(1, message(number(1, length)))));
  const type = message(field(1, message(number(1, FLOAT), field(2, axes))));
  return message(field(1, name), field(2, type));
}

function message(...fields: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(fields));
}

/** A field of bytes, text, or an inner message. */
function field(id: number, content: Uint8Array | string): Uint8Array {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return Buffer.concat([variable(id * 8 + 2), variable(bytes.length), bytes]);
}

function number(id: number, value: number): Uint8Array {
  return Buffer.concat([variable(id * 8), variable(value)]);
}

/** Seven bits a byte, the lowest first; the eighth says that more follow. */
function variable(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Uint8Array.of(...bytes, rest);
}
