import type { Tensor } from '../../../engine/index.ts';
import { runLayers } from '../../encoder.ts';
import { type LayerView, type ParameterOptions, pickTask, sharedView } from '../../view.ts';
import type { Representation, SharingContext } from '../sharing.ts';

/** Puts the weights of all tasks together: a stack [...lead, tasks, ...shape]. */
export type Compose = (name: string, shape: readonly number[], options: ParameterOptions) => Tensor;

/** Whose the embedding tables are. */
export type Embeddings = 'shared' | 'own';

/**
 * A network for each task, with weights that are put together from shared and own parameters: fₜ(x) = f(x; θₜ).
 *
 * @param composer is asked once for each weight
 */
export function composedNetworks(
  whole: SharingContext,
  composer: (context: SharingContext) => Compose,
  embeddings: Embeddings,
): Representation {
  // Tasks differ by what is put together here, and not by views of its parts.
  const context = { ...whole, set: whole.set.apartFor(0) };
  const compose = composer(context);
  const { axis, inputs, encoder, mode } = context;
  const trunk = composedView(context, 'trunk', compose);
  const tables = embeddings === 'own' ? axis.view('trunk') : sharedView(context.set, 'trunk');
  const batch = embeddings === 'own' ? axis.ownInputs(inputs) : inputs;
  const x = encoder.inputs(tables, batch);
  return {
    value: runLayers(encoder, trunk, axis.own(x), mode),
    heads: 'own',
    headView: composedView(context, 'heads', compose),
  };
}

/** Stacks as layers take them: whole, or of each row that of its own task. */
function composedView({ axis, inputs, set }: SharingContext, prefix: string, compose: Compose): LayerView {
  const stacks = new Map<string, Tensor>();
  return {
    parameter: (name, shape, options) => {
      const stack = stacks.get(name) ?? compose(`${prefix}/${name}`, shape, options);
      stacks.set(name, stack);
      return axis.layout === 'rows' ? pickTask(stack, inputs.task!, set.lead) : stack;
    },
  };
}
