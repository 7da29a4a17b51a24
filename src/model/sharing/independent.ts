import { unsqueeze } from '../../engine/index.ts';
import { mapInputs } from '../inputs.ts';
import { rowView, taskView } from '../view.ts';
import type { Sharing } from './sharing.ts';

/**
 * A network of its own for every task: ŷᵢ = gᵢ(f(x; θⁱ); θⁱ). Nothing is shared; the networks ride on a task axis and
 * train as one graph of batched products. It is the baseline that every other sharing is measured against.
 */
export const independent: Sharing = {
  name: 'independent',
  represent: ({ set, tasks, layout, inputs, encoder, mode }) => {
    if (layout === 'rows') {
      const view = rowView(set, 'trunk', tasks, inputs.task!);
      return { value: encoder(view, inputs, 'trunk', mode), axis: 'rows', perTask: true, task: inputs.task! };
    }
    const own = layout === 'wide' ? mapInputs(inputs, (tensor) => unsqueeze(tensor, -3)) : inputs;
    const value = encoder(taskView(set, 'trunk', tasks), own, 'trunk', mode);
    return { value, axis: layout === 'blocks' ? 'blocks' : 'tasks' };
  },
};
