import { list } from '../phrases.ts';
import { type CauseRule, decimal, strengthOf } from './cause.ts';
import { helpedTasks } from './measured.ts';

/** A correlation of medium size: each explains nine per cent of the other. */
const LEAST_CORRELATION = 0.3;

/**
 * Labels that go together on the training rows that have both: what is learned for one is of use for the other,
 *
 *   |ρ| ≥ 0.3, and ≥ 2 / √n for n common rows, about twice the standard error of a ρ that is 0,
 *
 * with a task that sharing helped. 0.3 is what the social sciences call medium: less than a tenth of one label is in the
 * other. Labels may go together because their inputs matter alike or because their errors do; only the first helps, so that
 * this is a reason where sharing did help, and never a promise that it will.
 *
 * R. Caruana: Multitask Learning. Machine Learning 28, 1997. J. Cohen: Statistical power analysis for the behavioral
 * sciences. 1988.
 */
export const labelCorrelation: CauseRule = {
  code: 'label-correlation',
  title: 'Labels that go together',
  statistic: 'Spearman’s ρ of two tasks’ labels on common training rows; √ε² for classes without order',
  rule: '|ρ| at least 0.3 and at least 2/√n, with a task that sharing helped',
  advice: 'share; let one task’s prediction enter the other’s',
  applies: ({ labels }) =>
    labels?.correlation.some((row, t) => row.some((value, u) => u < t && value !== null)) ?? false,
  find: (measured) => {
    const { labels, tasks, settings } = measured;
    const helped = helpedTasks(measured);
    const pairs = labels!.correlation.flatMap((row, t) =>
      row.slice(0, t).flatMap((value, u) => {
        const common = labels!.overlap[t]![u]! * Math.min(tasks[t]!.labelled.train, tasks[u]!.labelled.train);
        const least = Math.max(LEAST_CORRELATION, 2 / Math.sqrt(Math.max(1, common)));
        const stands =
          value !== null && Math.abs(value) >= least && (helped.includes(t) || helped.includes(u));
        return stands ? [{ pair: [u, t] as const, value, least }] : [];
      }),
    );
    const [best] = pairs.sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
    if (best === undefined) return undefined;
    const [one, other] = best.pair.map((t) => tasks[t]!.name) as [string, string];
    const names = tasks.flatMap(({ name }, t) => (pairs.some(({ pair }) => pair.includes(t)) ? [name] : []));
    return {
      code: 'label-correlation',
      bearing: 'helps',
      tasks: names,
      statistic: {
        name: `ρ of ${one} and ${other}`,
        value: best.value,
        threshold: Math.sign(best.value) * best.least,
      },
      strength: strengthOf(best.value, best.least),
      sentence: `The labels of ${list(names)} go together on the rows that have both (ρ up to ${decimal(best.value)}).`,
      advice:
        settings.sharing === 'shared-bottom' && settings.tower.length === 0
          ? [{ settings: [], sentence: 'Keep sharing; more tasks of this kind would help further.' }]
          : [
              {
                settings: [
                  { path: 'model.sharing', value: 'shared-bottom' },
                  { path: 'model.tower', value: [] },
                ],
                sentence: 'Share more: one trunk for all, with nothing of their own but the output layers.',
              },
            ],
    };
  },
};
