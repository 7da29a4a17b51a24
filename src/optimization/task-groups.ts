import { PolytaskError } from '../common/error.ts';
import { add, expand, pad, reduceSum, reshape, slice, square, type Tensor } from '../engine/index.ts';
import type { ParameterLayout } from '../engine/optimiser/parameters.ts';
import type { Parameter } from '../model/index.ts';

/** Networks of their own side by side: every parameter is [...lead, own tasks, …], and no two tasks share one. */
export interface TaskGroups {
  readonly parameters: readonly Parameter[];
  readonly layout: ParameterLayout;
  /** In the order of the model's heads; a parameter's tasks stand next to each other in it. */
  readonly tasks: readonly string[];
}

/** A number for each task, [...lead, tasks], as one for each element of θ, [...lead, n]. */
export function spreadOverTasks(perTask: Tensor, groups: TaskGroups): Tensor {
  const { layout, parameters } = groups;
  const spread = parameters.map((parameter): [string, Tensor] => [
    parameter.name,
    expand(alongside(perTask, parameter, groups), [...layout.lead, ...parameter.shape]),
  ]);
  return layout.pack(new Map(spread));
}

/** The sum of squares over all that a task owns of some gradients, for each task: [...lead, tasks]. */
export function squaresByTask(gradients: readonly Tensor[], groups: TaskGroups): Tensor {
  const { parameters, layout, tasks } = groups;
  const lead = layout.lead.length;
  const squares = gradients.map((gradient, i) => {
    const axes = gradient.shape.map((_, axis) => axis).slice(lead + 1);
    const own = axes.length === 0 ? square(gradient) : reduceSum(square(gradient), axes);
    const [first, count] = position(parameters[i]!, tasks);
    return count === tasks.length ? own : pad(own, -1, first, tasks.length - first - count);
  });
  return squares.reduce((a, b) => add(a, b));
}

/** Of a number for each task, those that a parameter's tasks have, with axes to stretch along it. */
function alongside(perTask: Tensor, parameter: Parameter, { layout, tasks }: TaskGroups): Tensor {
  const [first, count] = position(parameter, tasks);
  const own = count === tasks.length ? perTask : slice(perTask, -1, first, first + count);
  return reshape(own, [...layout.lead, count, ...parameter.shape.slice(1).map(() => 1)]);
}

/** Where a parameter's tasks begin among all, and how many they are. */
export function position({ name, owner }: Parameter, tasks: readonly string[]): [number, number] {
  const first = owner.kind === 'task' ? tasks.indexOf(owner.tasks[0]!) : -1;
  if (owner.kind === 'task' && owner.tasks.every((task, t) => task === tasks[first + t]))
    return [first, owner.tasks.length];
  throw new PolytaskError('parameters-invalid', {
    path: name,
    expected: 'a parameter that neighbouring tasks own, each a slice',
    found: owner.kind === 'task' ? owner.tasks.join(', ') : owner.kind,
    help: 'Only where nothing is shared do tasks train apart from each other.',
  });
}
