import { list } from '../phrases.ts';
import type { CauseRule } from './cause.ts';
import { hurtTasks, type Measured, overSeeds, positions, skill, skillError } from './measured.ts';

/** Skill that a task may have without being told from noise. */
const WIDEST_BOUND = 0.2;

/**
 * A task whose labels nothing predicts, in the company of tasks that are predicted: neither together nor alone does it do
 * better than the best constant by more than twice the standard error,
 *
 *   max over both sides of skill on validation and test rows ≤ 2 / √n, n rows of both,
 *
 * while another task does, and sharing hurt one of them. Its gradient is noise that the others' parameters follow, and it
 * has nothing to gain. With fewer than a hundred rows, where 2 / √n is more than 0.2, a weak task cannot be told from noise,
 * and none is blamed.
 */
export const noisyTask: CauseRule = {
  code: 'noisy-task',
  title: 'Noisy task',
  statistic: 'skill of the better of both ways over the best constant, on validation and test rows',
  rule: 'at most 2/√n on 100 rows or more, where another task has more, and sharing hurt a task',
  advice: 'train that task apart, or leave it out',
  applies: ({ tasks }) => tasks.length > 1 && tasks.some(({ constants }) => constants.validation !== null),
  find: (measured) => {
    if (hurtTasks(measured).length === 0) return undefined;
    const skills = measured.tasks.map((_, t) => bestSkill(measured, t));
    const bounds = measured.tasks.map(({ labelled }) => 2 * skillError(labelled.validation + labelled.test));
    const noisy = positions(
      skills,
      (value, t) => value !== null && value <= bounds[t]! && bounds[t]! <= WIDEST_BOUND,
    );
    const good = positions(skills, (value, t) => value !== null && value > bounds[t]!);
    if (noisy.length === 0 || good.length === 0) return undefined;
    const names = noisy.map((t) => measured.tasks[t]!.name);
    const least = noisy.reduce((a, b) => (skills[b]! / bounds[b]! < skills[a]! / bounds[a]! ? b : a));
    const rest = measured.tasks.flatMap(({ name }, t) => (noisy.includes(t) ? [] : [name]));
    const value = skills[least]!;
    return {
      code: 'noisy-task',
      bearing: 'hurts',
      tasks: names,
      statistic: { name: `skill of ${measured.tasks[least]!.name}`, value, threshold: bounds[least]! },
      // Here less is more: nothing at all is 1.
      strength: Math.min(1, 1 - Math.max(0, value) / bounds[least]!),
      sentence: `Nothing predicts the labels of ${list(names)} better than a constant does, and ${names.length === 1 ? 'its' : 'their'} noise reaches the others.`,
      advice: [{ settings: [], apart: names, sentence: `Train ${list(rest)} without ${list(names)}.` }],
    };
  },
};

/** The better of both sides, mean over seeds, validation and test rows by their number; null where it is undefined. */
function bestSkill({ tasks, multi, independent }: Measured, t: number): number | null {
  const { constants, higherIsBetter, labelled } = tasks[t]!;
  const sides = [multi, independent].flatMap(({ validation, test }) => {
    const parts = (
      [
        [validation, constants.validation, labelled.validation],
        [test, constants.test, labelled.test],
      ] as const
    ).flatMap(([scores, constant, rows]) => {
      const mean = overSeeds(scores.length, (seed) =>
        skill(scores[seed]?.[t] ?? null, constant, higherIsBetter),
      );
      return mean === null || rows === 0 ? [] : [{ mean: mean.mean, rows }];
    });
    const rows = parts.reduce((sum, part) => sum + part.rows, 0);
    return rows === 0 ? [] : [parts.reduce((sum, part) => sum + part.mean * part.rows, 0) / rows];
  });
  return sides.length === 0 ? null : Math.max(...sides);
}
