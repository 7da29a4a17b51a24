import { constant, gather } from '../engine/index.ts';
import type { HeadSpec } from './heads.ts';
import type { BatchInputs } from './inputs.ts';
import type { Representation } from './sharing/sharing.ts';
import type { TaskAxis } from './task-axis.ts';

/** Where the tasks that have heads stand among all that a trunk knows; nothing where these are all. */
export function placesAmong(
  known: readonly HeadSpec[],
  heads: readonly HeadSpec[],
): readonly number[] | undefined {
  if (known.length === heads.length) return undefined;
  return heads.map(({ name }) => known.findIndex((other) => other.name === name));
}

/** Rows that are of tasks with heads, numbered as the trunk numbers its tasks. */
export function knownTasks(inputs: BatchInputs, places: readonly number[] | undefined): BatchInputs {
  if (places === undefined || inputs.task === undefined) return inputs;
  return { ...inputs, task: gather(constant(places, { dtype: 'int32' }), inputs.task) };
}

/** What a trunk hands to heads of some of its tasks. */
export function servedBy(
  representation: Representation,
  places: readonly number[] | undefined,
  axis: TaskAxis,
): Representation {
  if (places === undefined) return representation;
  const { value, offset } = representation;
  const indices = constant(places, { dtype: 'int32' });
  const hasTasks = axis.layout === 'wide' && axis.isOwn(value) && value.shape.at(-3) !== 1;
  return {
    ...representation,
    value: hasTasks ? gather(value, indices, -3) : value,
    ...(offset && {
      offset: narrowed(
        offset,
        places.map((place) => axis.tasks[place]!),
      ),
    }),
  };
}

type Offset = NonNullable<Representation['offset']>;

function narrowed({ tasks, value }: Offset, names: readonly string[]): Offset {
  const kept = tasks.flatMap((name, t) => (names.includes(name) ? [t] : []));
  return {
    tasks: kept.map((t) => tasks[t]!),
    value: gather(value, constant(kept, { dtype: 'int32' }), -1),
  };
}
