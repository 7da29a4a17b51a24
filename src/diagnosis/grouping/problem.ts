import { PolytaskError } from '../../common/error.ts';
import type { Affinity } from '../affinity.ts';

export interface GroupingOptions {
  /** Groups at most, k. */
  readonly most: number;
  /** Whether a task may be in several groups, of which the best serves it; otherwise it is in one (default true). */
  readonly overlap?: boolean;
  /** The score of a task in a group of its own, in units of the affinity; `never` (default) where there are no such groups. */
  readonly alone?: number | 'never';
  /** What a pair that was not measured counts as; without it such a pair is an error. */
  readonly unknown?: number;
  /** Steps of the search after which it may stop without a proof (default a million). */
  readonly nodes?: number;
}

/** A grouping to find, checked and in numbers. */
export interface GroupingProblem {
  /** Tasks, n. */
  readonly size: number;
  readonly most: number;
  readonly overlap: boolean;
  readonly alone: number;
  /** [to · n + from], 0 on the diagonal. */
  readonly benefits: Float64Array;
  /** The largest of what counts, by its absolute value. */
  readonly scale: number;
  /** Sums of scores that differ by less are the same: rounding. */
  readonly tolerance: number;
}

/**
 * @throws grouping-invalid for options out of range, or a task that may not be alone and has no other
 * @throws affinity-invalid for a pair that was not measured, unless options say what it counts as
 */
export function groupingProblem(affinity: Affinity, options: GroupingOptions): GroupingProblem {
  const { most, overlap = true, alone = 'never', unknown = null, nodes = 0 } = options;
  const size = affinity.tasks.length;
  check(Number.isInteger(most) && most >= 1, 'most', 'a whole number of 1 or more', most);
  check(alone === 'never' || Number.isFinite(alone), 'alone', 'a finite number | never', alone);
  check(unknown === null || Number.isFinite(unknown), 'unknown', 'a finite number', unknown);
  check(nodes >= 0, 'nodes', 'a number of 0 or more', nodes);
  check(size > (alone === 'never' ? 1 : 0), 'tasks', 'two tasks, or one that may be alone', size);
  const benefits = new Float64Array(size * size);
  for (let to = 0; to < size; to++)
    for (let from = 0; from < size; from++)
      if (to !== from) benefits[to * size + from] = known(affinity, to, from, unknown);
  const least = alone === 'never' ? 0 : Math.max(0, alone);
  const scale = benefits.reduce((most, value) => Math.max(most, Math.abs(value)), least) || 1;
  return {
    size,
    most: Math.min(most, size),
    overlap,
    // All tasks together score no less than −n · scale: at twice that, being alone is never chosen.
    alone: alone === 'never' ? -2 * size * scale : alone,
    benefits,
    scale,
    tolerance: 1e-11 * size * scale,
  };
}

function known(affinity: Affinity, to: number, from: number, unknown: number | null): number {
  const value = affinity.benefit(to, from) ?? unknown;
  if (value === null)
    throw new PolytaskError('affinity-invalid', {
      path: 'affinity.values',
      expected: 'a value for every pair of tasks',
      found: `none of what "${affinity.tasks[to]}" gains from "${affinity.tasks[from]}"`,
      help: 'Measure over more steps, or say what an unknown pair counts as: { unknown: 0 }.',
    });
  return value;
}

function check(holds: boolean, option: string, expected: string, found: unknown): void {
  if (!holds)
    throw new PolytaskError('grouping-invalid', {
      path: `grouping.${option}`,
      expected,
      found: String(found),
      help: 'Say { most: 3 } for three groups at most, and what else is to differ from the defaults.',
    });
}
