import type { Aggregation } from './aggregation.ts';
import { stateless } from './define.ts';

/** The mean of the gradients by preference, d = Σ pₜ gₜ with Σp = 1. */
export const mean: Aggregation<object, null> = stateless({
  name: 'mean',
  title: 'Mean',
  about: 'The mean of the gradients, weighted by the tasks’ preferences.',
  paper: 'R. Caruana: Multitask learning. Machine Learning 28, 1997.',
  needs: 'gramian',
  prefers: true,
  options: {},
  weigh: ({ preference }) => preference,
});
