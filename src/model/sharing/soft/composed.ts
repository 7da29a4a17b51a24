import { reshape, type Tensor } from '../../../engine/index.ts';
import { runLayers } from '../../encoder.ts';
import {
  type LayerView,
  type ParameterOptions,
  type ParameterView,
  pickTask,
  sharedView,
} from '../../view.ts';
import type { Representation, SharingContext } from '../sharing.ts';

/** Puts the weights of all tasks together: a stack [...lead, tasks, ...shape]. */
export type Compose = (name: string, shape: readonly number[], options: ParameterOptions) => Tensor;

/** Whose the embedding tables are. */
export type Embeddings = 'shared' | 'own';

/**
 * A network for each task, with weights that are put together from shared and own parameters: fₜ(x) = f(x; θₜ).
 *
 * @param compose is asked once for each weight
 */
export function composedNetworks(
  context: SharingContext,
  compose: Compose,
  embeddings: Embeddings,
): Representation {
  const { axis, inputs, encoder, mode } = context;
  const trunk = composedView(context, 'trunk', compose);
  const tables = embeddings === 'own' ? axis.view('trunk') : sharedTables(context, 'trunk');
  const batch = embeddings === 'own' ? axis.ownInputs(inputs) : inputs;
  const x = encoder.inputs({ ...trunk, lookup: tables.lookup }, batch);
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

/** Embedding tables that all tasks share, for any layout of a batch. */
function sharedTables({ set, axis }: SharingContext, prefix: string): ParameterView {
  const view = sharedView(set, prefix);
  if (axis.layout !== 'blocks') return view;
  return {
    ...view,
    lookup: (name, rows, width, indices) => {
      const [tasks, batch, columns] = indices.shape.slice(-3) as [number, number, number];
      const lead = indices.shape.slice(0, -3);
      const picked = view.lookup(name, rows, width, reshape(indices, [...lead, tasks * batch, columns]));
      return reshape(picked, [...lead, tasks, batch, columns, width]);
    },
  };
}
