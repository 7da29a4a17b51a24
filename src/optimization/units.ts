import type { ParameterLayout } from '../engine/optimiser/parameters.ts';
import type { Parameter } from '../model/index.ts';
import type { UnitRanges } from './early-stopping.ts';

/** One unit a replica: the whole row of θ. */
export function replicaUnits(layout: ParameterLayout, seeds: number): UnitRanges {
  return Array.from({ length: seeds }, (_, s) => [[s * layout.size, (s + 1) * layout.size] as const]);
}

/** One unit for each task of each replica, replica-major: where nothing is shared, the slices that the task owns. */
export function taskUnits(
  layout: ParameterLayout,
  parameters: readonly Parameter[],
  tasks: readonly string[],
  seeds: number,
): UnitRanges {
  const own = tasks.map((task) =>
    parameters.flatMap(({ name, owner }): (readonly [number, number])[] => {
      if (owner.kind !== 'task') return [];
      const position = owner.tasks.indexOf(task);
      if (position === -1) return [];
      const { start, end } = layout.slice(name);
      const size = (end - start) / owner.tasks.length;
      return [[start + position * size, start + (position + 1) * size]];
    }),
  );
  return Array.from({ length: seeds }, (_, s) =>
    own.map((ranges) => ranges.map(([start, end]) => [s * layout.size + start, s * layout.size + end] as const)),
  ).flat();
}
