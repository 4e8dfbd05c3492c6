import type { TensorFunction } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { check, type GradientCase, type GradientCases, given, kinky, spread } from './gradient-case.ts';

const float = (tensor: tf.Tensor) => tf.cast(tensor, 'float32');

const unary = (f: TensorFunction, input: () => tf.Tensor = spread([2, 3], -0.9, 0.9)): GradientCase[] => [check('', f, input)];

/** Equal shapes, a row, a column and a scalar against a matrix, from both sides. */
const binary = (f: TensorFunction, a: [number, number] = [-2, 2], b: [number, number] = a): GradientCase[] =>
  [
    { left: [2, 3], right: [2, 3] },
    { left: [2, 3], right: [3] },
    { left: [2, 1], right: [2, 3] },
    { left: [], right: [1, 2] },
  ].map(({ left, right }) => check(`[${left}] and [${right}]`, f, spread(left, ...a), spread(right, ...b, 0.77)));

const compare = (f: TensorFunction) => binary((...inputs) => float(f(...inputs) as tf.Tensor));

export const elementwise: GradientCases = {
  Abs: unary((x) => tf.abs(x), kinky),
  Acos: unary((x) => tf.acos(x)),
  Acosh: unary((x) => tf.acosh(x), spread([2, 3], 1.3, 4)),
  Add: binary((a, b) => tf.add(a, b)),
  AddN: [check('', (a, b, c) => tf.addN([a, b, c]), spread([2, 3]), spread([2, 3], -2, 2), spread([2, 3], 0, 3))],
  Asin: unary((x) => tf.asin(x)),
  Asinh: unary((x) => tf.asinh(x)),
  Atan: unary((x) => tf.atan(x)),
  Atan2: binary((a, b) => tf.atan2(a, b), [0.3, 2], [-2, -0.4]),
  Atanh: unary((x) => tf.atanh(x)),
  BitwiseAnd: [
    check('', (a, b) => float(tf.bitwiseAnd(tf.cast(a, 'int32'), tf.cast(b, 'int32'))), given([5.4, 3.6, 6.5]), given([1.3, 2.4, 3.5])),
  ],
  Cast: [check('float32 to float32', (x) => tf.cast(x, 'float32'), spread([3]))],
  Ceil: unary((x) => tf.ceil(x), kinky),
  ClipByValue: unary((x) => tf.clipByValue(x, -1.5, 1), kinky),
  Cos: unary((x) => tf.cos(x)),
  Cosh: unary((x) => tf.cosh(x)),
  Elu: unary((x) => tf.elu(x), kinky),
  Equal: compare((a, b) => tf.equal(a, b)),
  Erf: unary((x) => tf.erf(x)),
  Exp: unary((x) => tf.exp(x)),
  Expm1: unary((x) => tf.expm1(x)),
  Floor: unary((x) => tf.floor(x), kinky),
  FloorDiv: compare((a, b) => tf.floorDiv(a, tf.add(tf.abs(b), 1))),
  Greater: compare((a, b) => tf.greater(a, b)),
  GreaterEqual: compare((a, b) => tf.greaterEqual(a, b)),
  Identity: unary((x) => tf.clone(x)),
  IsFinite: unary((x) => float(tf.isFinite(x))),
  IsInf: unary((x) => float(tf.isInf(x))),
  IsNan: unary((x) => float(tf.isNaN(x))),
  LeakyRelu: unary((x) => tf.leakyRelu(x, 0.3), kinky),
  Less: compare((a, b) => tf.less(a, b)),
  LessEqual: compare((a, b) => tf.lessEqual(a, b)),
  Log: unary((x) => tf.log(x), spread([2, 3], 0.4, 3)),
  Log1p: unary((x) => tf.log1p(x), spread([2, 3], -0.5, 3)),
  LogicalAnd: compare((a, b) => tf.logicalAnd(tf.cast(a, 'bool'), tf.cast(b, 'bool'))),
  LogicalNot: unary((x) => float(tf.logicalNot(tf.cast(x, 'bool')))),
  LogicalOr: compare((a, b) => tf.logicalOr(tf.cast(a, 'bool'), tf.cast(b, 'bool'))),
  Maximum: binary((a, b) => tf.maximum(a, b)),
  Minimum: binary((a, b) => tf.minimum(a, b)),
  Mod: binary((a, b) => tf.mod(a, b), [3.1, 3.9], [1.3, 1.5]),
  Multiply: binary((a, b) => tf.mul(a, b)),
  Neg: unary((x) => tf.neg(x)),
  NotEqual: compare((a, b) => tf.notEqual(a, b)),
  OnesLike: unary((x) => tf.onesLike(x)),
  Pow: [
    ...binary((a, b) => tf.pow(a, b), [0.5, 2], [-1.5, 2.5]),
    check('negative base, constant exponent', (x) => tf.pow(x, tf.scalar(3)), given([-1.2, -0.4, 0.6])),
  ],
  Prelu: [
    check('', (x, alpha) => tf.prelu(x, alpha), kinky, spread([2, 4], 0.1, 0.9)),
    check('alpha for each column', (x, alpha) => tf.prelu(x, alpha), kinky, spread([4], 0.1, 0.9)),
  ],
  RealDiv: binary((a, b) => tf.div(a, b), [-2, 2], [0.6, 2]),
  Reciprocal: unary((x) => tf.reciprocal(x), spread([2, 3], 0.5, 2)),
  Relu: unary((x) => tf.relu(x), kinky),
  Relu6: unary((x) => tf.relu6(x), given([-1.2, 0.4, 5.5, 6.6])),
  Round: unary((x) => tf.round(x), kinky),
  Rsqrt: unary((x) => tf.rsqrt(x), spread([2, 3], 0.5, 2)),
  Select: [
    check(
      'on a condition computed from the input',
      (x, a, b) => tf.where(tf.greater(x, 0), tf.mul(x, a), b),
      kinky,
      spread([2, 4]),
      spread([2, 4], 1, 2),
    ),
    check('broadcast', (a, b) => tf.where(tf.tensor1d([1, 0, 1], 'bool'), a, b), spread([2, 3]), spread([3], 1, 2)),
  ],
  Selu: unary((x) => tf.selu(x), kinky),
  Sigmoid: unary((x) => tf.sigmoid(x)),
  Sign: unary((x) => tf.sign(x), kinky),
  Sin: unary((x) => tf.sin(x)),
  Sinh: unary((x) => tf.sinh(x)),
  Softplus: unary((x) => tf.softplus(x)),
  Sqrt: unary((x) => tf.sqrt(x), spread([2, 3], 0.5, 2)),
  Square: unary((x) => tf.square(x)),
  SquaredDifference: binary((a, b) => tf.squaredDifference(a, b)),
  Step: unary((x) => tf.step(x, 0.3), kinky),
  Sub: binary((a, b) => tf.sub(a, b)),
  Tan: unary((x) => tf.tan(x)),
  Tanh: unary((x) => tf.tanh(x)),
  ZerosLike: unary((x) => tf.zerosLike(x)),
};
