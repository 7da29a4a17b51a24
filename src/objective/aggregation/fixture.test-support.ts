import type { SpecInput } from '../../common/options.ts';
import { RandomStream } from '../../common/random.ts';
import type { AggregationInput } from './aggregation.ts';
import { combined, gramianOf, type PropertyProblem } from './properties.ts';
import { chooseAggregation } from './registry.ts';

/** Tasks one after the other, where a method would draw an order. */
export class Ascending extends RandomStream {
  constructor() {
    super(0, 'ascending');
  }

  override permutation(n: number): Int32Array {
    return Int32Array.from({ length: n }, (_, i) => i);
  }
}

export function problemOf(
  jacobian: readonly (readonly number[])[],
  losses?: readonly number[],
): PropertyProblem {
  return {
    jacobian: jacobian.map((row) => Float64Array.from(row)),
    losses: Float64Array.from(losses ?? jacobian.map(() => 1)),
  };
}

export function inputOf(problem: PropertyProblem, more: Partial<AggregationInput> = {}): AggregationInput {
  return {
    names: problem.jacobian.map((_, t) => `task${t}`),
    gramian: gramianOf(problem.jacobian),
    losses: problem.losses,
    present: problem.jacobian.map(() => true),
    step: 0,
    random: new RandomStream(0, 'test'),
    ...more,
  };
}

/** Weights of several steps on the same gradients, and the last direction. */
export function aggregate(
  spec: SpecInput,
  problem: PropertyProblem,
  more: Partial<AggregationInput> = {},
  steps: number = 1,
): { readonly weights: Float64Array; readonly direction: Float64Array } {
  const { aggregation, options } = chooseAggregation(spec);
  let state = aggregation.init(problem.jacobian.length, options);
  let weights = new Float64Array();
  for (let step = 0; step < steps; step++) {
    const found = aggregation.step(inputOf(problem, { step, ...more }), state, options);
    weights = Float64Array.from(found.weights);
    // What a checkpoint does with a state.
    state = JSON.parse(JSON.stringify(found.state));
  }
  return { weights, direction: combined(problem, weights) };
}
