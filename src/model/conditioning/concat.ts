import { add } from './add.ts';
import type { Conditioning } from './conditioning.ts';

/**
 * [h; z] W = h W_h + z W_z: z beside the values that a linear layer takes is a bias of that layer that depends on the
 * task. h W_h is computed once for all tasks, and no [tasks, batch, H + Z] is made. Before the output layer, which is
 * linear as well, z stands for the shift h + z V that it comes down to.
 */
export const concat: Conditioning = {
  ...add,
  name: 'concat',
  title: 'Concatenation',
  about: '[h; z]: the layer above takes z beside what it takes.',
  parts: () => [{ name: 'weight', start: 'uniform' }],
  below: true,
};
