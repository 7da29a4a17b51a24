import type { Option } from '../../common/options.ts';
import { constant, mul, type Tensor } from '../../engine/index.ts';
import { type ByTask, byTask, inOrder } from '../by-task.ts';
import type { WeightingContext } from '../loss-weighting.ts';

export interface Preferring {
  readonly preference: 'equal' | ByTask;
}

export const preferenceOption: Option<Preferring['preference']> = byTask('equal', {
  default: 'equal',
  about: 'How much each task should matter, by task; a task not named has 1.',
});

/** The direction in the space of losses along which a solution is wanted. */
export const proportionOption: Option<Preferring['preference']> = byTask('equal', {
  default: 'equal',
  about: 'The proportion in which losses are wanted, by task; a task not named has 1.',
});

/** @throws `task-unknown`, `weight-invalid` */
export function preferences({ preference }: Preferring, tasks: readonly string[]): number[] {
  return inOrder(preference === 'equal' ? {} : preference, tasks, 1, 'objective.preference');
}

/** The preference among the tasks that are present, 0 for the others: [...lead, T]. */
export function presentPreference(context: WeightingContext, options: Preferring): Tensor {
  const { present, losses, tasks } = context;
  const values = preferences(
    options,
    tasks.map(({ name }) => name),
  );
  return mul(constant(values, { dtype: losses.dtype }), present);
}
