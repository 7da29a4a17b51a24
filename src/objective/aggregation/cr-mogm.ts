import { number, type Option, type SpecInput } from '../../common/options.ts';
import type { Aggregation } from './aggregation.ts';
import type { ChosenAggregation } from './compose.ts';

interface CrMogmOptions {
  readonly of: SpecInput;
  readonly decay: number;
}

interface CrMogmState {
  /** Averages of all tasks, null before a task took part. */
  readonly weights: readonly (number | null)[];
  readonly inner: unknown;
}

/**
 * Composite weights: the running average of another method's weights, w ← decay w + (1 − decay) ŵ, whose noise no longer
 * goes along with that of the gradients.
 *
 * @param choose reads the method that is averaged; refuses what does not work on Gramians
 */
export function crMogm(
  choose: (input: SpecInput) => ChosenAggregation,
): Aggregation<CrMogmOptions, CrMogmState> {
  return {
    name: 'cr-mogm',
    title: 'Averaged weights (CR-MOGM)',
    about: 'Another method’s weights, averaged over steps.',
    paper:
      'S. Zhou, W. Zhang, J. Jiang, W. Zhong, J. Gu, W. Zhu: On the convergence of stochastic multi-objective gradient manipulation and beyond. NeurIPS 2022.',
    needs: 'gramian',
    options: {
      of: method(choose),
      decay: number({ default: 0.9, max: 1, about: 'How much of the average is kept at each step.' }),
    },
    check: ({ of }, tasks) => {
      const { aggregation, options } = choose(of);
      aggregation.check?.(options, tasks);
    },
    init: (tasks, { of }) => {
      const { aggregation, options } = choose(of);
      return { weights: new Array<null>(tasks).fill(null), inner: aggregation.init(tasks, options) };
    },
    step: (input, state, { of, decay }) => {
      const { aggregation, options } = choose(of);
      const found = aggregation.step(input, state.inner, options);
      const averages = state.weights.map((known, task) => {
        if (!input.present[task]) return known;
        const weight = found.weights[task]!;
        return known === null ? weight : decay * known + (1 - decay) * weight;
      });
      return {
        weights: Float64Array.from(averages, (average, task) => (input.present[task] ? average! : 0)),
        state: { weights: averages, inner: found.state },
      };
    },
  };
}

function method(choose: (input: SpecInput) => ChosenAggregation): Option<SpecInput> {
  return {
    default: 'mgda',
    expected: 'a method on Gramians, such as "cagrad" or { name, …options }',
    about: 'The method whose weights are averaged.',
    schema: { type: ['string', 'object'] },
    parse: (value) => {
      const spec = typeof value === 'object' && value !== null && 'name' in value ? value : String(value);
      choose(spec as SpecInput);
      return spec as SpecInput;
    },
  };
}
