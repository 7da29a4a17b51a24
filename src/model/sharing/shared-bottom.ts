import { sharedView } from '../view.ts';
import type { Sharing } from './sharing.ts';

/**
 * One trunk for all tasks, a tower for each: h = f(x; θˢʰ), ŷᵢ = gᵢ(h; θⁱ).
 *
 * R. Caruana: Multitask Learning. Machine Learning 28, 1997.
 */
export const sharedBottom: Sharing = {
  name: 'shared-bottom',
  represent: ({ set, layout, inputs, encoder, mode }) => {
    const value = encoder(sharedView(set, 'trunk'), inputs, 'trunk', mode);
    if (layout === 'wide') return { value, axis: 'shared' };
    return { value, axis: 'rows', perTask: false, ...(inputs.task && { task: inputs.task }) };
  },
};
