import { list } from '../phrases.ts';
import { type CauseRule, strengthOf } from './cause.ts';
import { hurtTasks, positions } from './measured.ts';

/** How many times as many labels the richest task has. */
const LEAST_RATIO = 10;

/**
 * A task with few labels among tasks with many: in every batch it has few rows, or none, and what it says is drowned,
 *
 *   max over tasks of labelled training rows ÷ its own ≥ 10,
 *
 * where sharing hurt it. The scatter of a gradient falls with the root of its rows, so that at ten it is three times as
 * noisy as the other's while both pull at the same parameters.
 *
 * C. Raffel et al.: Exploring the limits of transfer learning with a unified text-to-text transformer. JMLR 21, 2020.
 */
export const labelImbalance: CauseRule = {
  code: 'label-imbalance',
  title: 'Few labels beside many',
  statistic: 'labelled training rows of the richest task ÷ a task’s own',
  rule: '10 or more for a task that sharing hurt',
  advice: 'draw rows of small tasks more often',
  applies: ({ tasks }) => tasks.length > 1,
  find: (measured) => {
    const counts = measured.tasks.map(({ labelled }) => labelled.train);
    const most = Math.max(...counts);
    const hurt = hurtTasks(measured);
    const poor = positions(
      counts,
      (count, t) => count > 0 && most / count >= LEAST_RATIO && hurt.includes(t),
    );
    if (poor.length === 0) return undefined;
    const ratio = most / Math.min(...poor.map((t) => counts[t]!));
    const names = poor.map((t) => measured.tasks[t]!.name);
    const rich = measured.tasks[counts.indexOf(most)]!.name;
    return {
      code: 'label-imbalance',
      bearing: 'hurts',
      tasks: names,
      statistic: { name: `labels of ${rich} ÷ its own`, value: ratio, threshold: LEAST_RATIO },
      strength: strengthOf(ratio, LEAST_RATIO),
      sentence: `${list(names)} ${names.length === 1 ? 'has' : 'have'} few labels, ${rich} ${ratio.toFixed(0)} times as many.`,
      advice: [
        measured.settings.sampling === 'temperature'
          ? {
              settings: [{ path: 'sampling.name', value: 'uniform' }],
              sentence: 'Draw rows of all tasks equally often.',
            }
          : {
              settings: [{ path: 'sampling.name', value: 'temperature' }],
              sentence: 'Draw rows of small tasks more often than there are of them.',
            },
      ],
    };
  },
};
