import { averageWeight, movingAverage } from './average.ts';
import type { Optimiser } from './optimiser.ts';

/** The slot of `averaged` that holds the moving average of the parameters. */
export const AVERAGE = 'average';

/**
 * An optimiser that also keeps the exponential moving average of the parameters it makes:
 * ē_t = ē_{t−1} + ŵ_t (θ_t − ē_{t−1}), ŵ_t = (1 − d_t) / (1 − Π_{s ≤ t} d_s), with d_t warming up to `decay`.
 *
 * The weights ŵ free the average from its start (ŵ₁ = 1), as Adam's moments are: D. Kingma, J. Ba, arXiv 1412.6980.
 * What is trained does not change; judge and keep the slot `average` in place of the parameters.
 *
 * @param decay d in [0, 1), such as 0.999: about 1 / (1 − d) steps are averaged
 * @example const adam = averaged(parseOptimiser('adam'), 0.999);
 */
export function averaged(optimiser: Optimiser, decay: number): Optimiser {
  averageWeight(1, decay);
  return {
    ...optimiser,
    slots: [...optimiser.slots, AVERAGE],
    scalars: (step, learningRate) => ({
      ...optimiser.scalars(step, learningRate),
      averageWeight: averageWeight(step, decay) / (1 - startWeight(step, decay)),
    }),
    update: (input) => {
      const next = optimiser.update(input);
      const average = movingAverage(input.slots[AVERAGE]!, next.parameter, input.scalars.averageWeight!);
      return { parameter: next.parameter, slots: { ...next.slots, [AVERAGE]: average } };
    },
  };
}

/** Π d_s over s ≤ t: what is left of the start, soon nothing in double precision. */
function startWeight(step: number, decay: number): number {
  let weight = 1;
  for (let s = 1; s <= step && weight > 1e-17; s++) weight *= 1 - averageWeight(s, decay);
  return weight;
}
