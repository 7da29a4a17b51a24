import type { LossWeighting } from '../loss-weighting.ts';
import { softmaxOf } from './present.ts';

/**
 * Weights at random in each step: w = softmax(ε), ε ~ N(0, I), over the tasks that are present.
 *
 * B. Lin, F. Ye, Y. Zhang, I. W. Tsang: Reasonable Effectiveness of Random Weighting: A Litmus Test for Multi-Task
 * Learning. TMLR 2022.
 */
export const rlwWeighting: LossWeighting = {
  name: 'rlw',
  title: 'Random loss weighting',
  about: 'New random weights in each step: what a better method has to beat.',
  paper:
    'B. Lin, F. Ye, Y. Zhang, I. W. Tsang: Reasonable Effectiveness of Random Weighting: A Litmus Test for ' +
    'Multi-Task Learning. TMLR 2022.',
  options: {},
  weigh: ({ noise, present, tasks }) => ({ weights: softmaxOf(noise('normal', tasks.length), present) }),
};
