import { constantOperator, inputOperator } from '../leaf.ts';
import type { Operator } from '../tensor.ts';
import * as a from './arithmetic.ts';
import * as e from './elementwise.ts';
import { gatherOperator, scatterAddOperator, topKOperator } from './indexing.ts';
import { gemmOperator, matmulOperator } from './linear.ts';
import { logicalAnd, logicalNotOperator, logicalOr } from './logical.ts';
import { logSoftmaxOperator, softmaxOperator, standardiseOperator } from './normalise.ts';
import { randomBitsOperator } from './random.ts';
import { reduceMax, reduceMean, reduceMin, reduceSum, stopGradientOperator } from './reduce.ts';
import * as s from './shape.ts';
import { axisSizeOperator } from './size.ts';

const entries = [
  ...[inputOperator, constantOperator],
  ...[a.add, a.sub, a.mul, a.div, a.pow, a.minimum, a.maximum].map(({ operator }) => operator),
  ...[a.greater, a.greaterOrEqual, a.less, a.lessOrEqual, a.equal].map(({ operator }) => operator),
  ...[a.castOperator, a.negOperator, a.whereOperator],
  ...[logicalAnd.operator, logicalOr.operator, logicalNotOperator],
  ...[e.exp, e.log, e.sqrt, e.abs, e.square, e.floor, e.sign, e.erf, e.sin, e.cos].map(
    ({ operator }) => operator,
  ),
  ...[e.tanh, e.sigmoid, e.softplus, e.relu, e.gelu, e.silu].map(({ operator }) => operator),
  ...[e.leakyReluOperator, e.eluOperator, e.clipOperator],
  ...[reduceSum, reduceMean, reduceMax, reduceMin].map(({ operator }) => operator),
  ...[stopGradientOperator, axisSizeOperator],
  ...[s.reshapeOperator, s.transposeOperator, s.expandOperator, s.concatOperator, s.splitOperator],
  ...[s.sliceOperator, s.padOperator],
  ...[gatherOperator, scatterAddOperator, topKOperator],
  ...[matmulOperator, gemmOperator],
  ...[softmaxOperator, logSoftmaxOperator, standardiseOperator],
  ...[randomBitsOperator],
] as unknown as readonly Operator[];

/** Every operator of the engine by name: what the contract tests run over, and where a new one is entered. */
export const operatorTable: ReadonlyMap<string, Operator> = new Map(
  entries.map((operator) => [operator.name, operator]),
);
