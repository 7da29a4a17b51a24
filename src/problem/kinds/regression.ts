import type { Column } from '../../common/table.ts';
import { abs, clip, exp, relu, square } from '../../engine/operators/elementwise.ts';
import { add, maximum, minimum, mul, neg, sub } from '../../engine/operators/arithmetic.ts';
import { constant } from '../../engine/leaf.ts';
import { topK } from '../../engine/operators/indexing.ts';
import { reduceMean } from '../../engine/operators/reduce.ts';
import type { Tensor } from '../../engine/tensor.ts';
import type { EncodedLabels, FittedTask, Kind } from '../kind.ts';
import type { Metric, Scored } from '../metrics/metric.ts';
import type { Pairs } from '../metrics/pairs.ts';
import { coverageError, pinball } from '../metrics/quantiles.ts';
import { explainedVariance, mae, normalisedMse, r2, rmse, rmsle } from '../metrics/regression-errors.ts';
import { type Field, oneOf, parseFields, positive } from '../options.ts';
import { columnOf, keepColumn } from '../tensors.ts';
import {
  constantLabels,
  deviation,
  mean,
  type NumberRule,
  present,
  quantile,
  readNumbers,
  unlabelled,
} from '../values.ts';
