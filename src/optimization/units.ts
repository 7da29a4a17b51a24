import type { ParameterLayout } from '../engine/optimiser/parameters.ts';
import type { Parameter } from '../model/index.ts';
import type { UnitRanges } from './early-stopping.ts';

/** What stops on its own and keeps its own best state; see `unitRanges`. */
export type Units = 'replica' | 'task' | 'copy';

/**
 * - `replica`: one unit a replica, the whole row of θ;
 * - `task`: one for each task of each replica, replica-major: the slices that the task owns, where nothing is shared;
 * - `copy`: one for each task of each replica as well, each with a whole row of θ of its own; the best state is
 *   [seeds · tasks, n].
 */
export function unitRanges(
  units: Units,
  layout: ParameterLayout,
  parameters: readonly Parameter[],
  tasks: readonly string[],
  seeds: number,
): UnitRanges {
  const { size } = layout;
  const replicas = Array.from({ length: seeds }, (_, s) => s * size);
  if (units === 'replica') return replicas.map((start) => [{ start, end: start + size, to: start }]);
  if (units === 'copy')
    return replicas.flatMap((start, s) =>
      tasks.map((_, t) => [{ start, end: start + size, to: (s * tasks.length + t) * size }]),
    );
  const owned = tasks.map((task) => ownedRanges(layout, parameters, task));
  return replicas.flatMap((at) =>
    owned.map((ranges) =>
      ranges.map(([start, end]) => ({ start: at + start, end: at + end, to: at + start })),
    ),
  );
}

function ownedRanges(
  layout: ParameterLayout,
  parameters: readonly Parameter[],
  task: string,
): (readonly [number, number])[] {
  return parameters.flatMap(({ name, owner }): (readonly [number, number])[] => {
    const position = owner.kind === 'task' ? owner.tasks.indexOf(task) : -1;
    if (owner.kind !== 'task' || position === -1) return [];
    const { start, end } = layout.slice(name);
    const size = (end - start) / owner.tasks.length;
    return [[start + position * size, start + (position + 1) * size]];
  });
}
