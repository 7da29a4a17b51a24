import { type JsonSchema, objectOf } from '../../common/json-schema.ts';
import type { FittedRegression } from '../kinds/regression.ts';
import type { Answer } from './answer.ts';

export interface RegressionPrediction {
  /** In the units of the target; of a quantile loss, the level nearest to one half. */
  readonly value: number;
}

export interface QuantilePrediction extends RegressionPrediction {
  /** By level, such as `quantiles['0.9']`; they never cross. */
  readonly quantiles: Readonly<Record<string, number>>;
}

const NUMBER: JsonSchema = { type: 'number' };

/** The place of the level nearest to one half. */
export function middle(quantiles: readonly number[]): number {
  const distances = quantiles.map((tau) => Math.abs(tau - 0.5));
  return Math.max(0, distances.indexOf(Math.min(...distances)));
}

export const regressionAnswer: Answer<FittedRegression, RegressionPrediction | QuantilePrediction> = {
  outputWidth: ({ quantiles }) => Math.max(1, quantiles.length),
  decode: (outputs, offset, { quantiles }) => {
    const value = outputs[offset + middle(quantiles)]!;
    if (quantiles.length === 0) return { value };
    const byLevel = quantiles.map((tau, k) => [String(tau), outputs[offset + k]!] as const);
    return { value, quantiles: Object.fromEntries(byLevel) };
  },
  schema: ({ quantiles }) =>
    objectOf({
      value: NUMBER,
      ...(quantiles.length > 0 && {
        quantiles: objectOf(Object.fromEntries(quantiles.map((tau) => [String(tau), NUMBER]))),
      }),
    }),
};
