import type { Aggregation } from './aggregation.ts';
import { stateless } from './define.ts';

/** The sum of the gradients, d = Σ gₜ: plain training. */
export const sum: Aggregation<object, null> = stateless({
  name: 'sum',
  title: 'Sum',
  about: 'The sum of the gradients: plain training.',
  paper: 'R. Caruana: Multitask learning. Machine Learning 28, 1997.',
  needs: 'gramian',
  options: {},
  weigh: ({ size }) => new Float64Array(size).fill(1),
});
