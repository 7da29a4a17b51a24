import { list } from '../phrases.ts';
import { type Advice, type CauseRule, strengthOf } from './cause.ts';
import {
  helpedTasks,
  hurtTasks,
  type Measured,
  overSeeds,
  positions,
  skill,
  skillError,
} from './measured.ts';

/** Of what was learned on the training rows, the share that may fail on others. */
const MOST_LOST = 0.25;

/**
 * Too little data: a good part of what was learned on the training rows does not hold on others,
 *
 *   1 − skill(validation) / skill(training) at the kept state, where skill is 0 for the best constant and 1 for perfection,
 *
 * taken from the side of the comparison where it is more. More than a quarter is called overfitting: of the synthetic
 * problems, those with ten rows and more for each parameter that matters stay below 15 %, and those with as few rows as
 * parameters lie at 30 % to 60 %. The difference of skills must also be more than twice its standard error, √(1/n + 1/m) for
 * n and m rows at most. Where sharing helped, it helped because tasks lend each other rows; otherwise it limits both ways.
 *
 * J. Baxter: A model of inductive bias learning. JAIR 12, 2000.
 */
export const overfitting: CauseRule = {
  code: 'overfitting',
  title: 'Too little data',
  statistic: 'share of the skill on training rows that is lost on validation rows, at the kept state',
  rule: 'above 25 %, and the loss of skill above twice its standard error √(1/n + 1/m)',
  advice: 'share more; more dropout and weight decay; a smaller network',
  applies: ({ multi, independent }) => multi.training !== undefined && independent.training !== undefined,
  find: (measured) => {
    const lost = measured.tasks.map((_, t) => mostLost(measured, t));
    const own = positions(measured.tasks, (_, t) => lost[t]! > MOST_LOST);
    if (own.length === 0) return undefined;
    const helped = helpedTasks(measured).filter((t) => own.includes(t));
    const chosen = helped.length > 0 ? helped : own;
    const names = chosen.map((t) => measured.tasks[t]!.name);
    const value = Math.max(...chosen.map((t) => lost[t]!));
    const share = `${(100 * value).toFixed(0)} % of what is learned on training rows`;
    return {
      code: 'overfitting',
      bearing: helped.length > 0 ? 'helps' : 'limits',
      tasks: names,
      statistic: { name: 'skill lost from training to validation rows', value, threshold: MOST_LOST },
      strength: strengthOf(value, MOST_LOST),
      sentence:
        helped.length > 0
          ? `There are few rows for ${list(names)}, up to ${share} does not hold on others, and sharing lends them rows.`
          : `There are few rows for ${list(names)}: up to ${share} does not hold on others.`,
      advice: advise(measured),
    };
  },
};

/** The share that is lost on the side where it is more; 0 where it may be chance. */
function mostLost({ tasks, multi, independent }: Measured, t: number): number {
  const { constants, higherIsBetter, labelled } = tasks[t]!;
  const noise = 2 * Math.hypot(skillError(labelled.train), skillError(labelled.validation));
  return Math.max(
    ...[multi, independent].map(({ training, validation }) => {
      const mean = (scores: typeof validation, constant: number | null): number | undefined =>
        overSeeds(scores.length, (seed) => skill(scores[seed]?.[t] ?? null, constant, higherIsBetter))?.mean;
      const learned = mean(training!, constants.training);
      const held = mean(validation, constants.validation);
      if (learned === undefined || held === undefined || learned <= 0 || learned - held <= noise) return 0;
      return Math.min(1, 1 - held / learned);
    }),
  );
}

function advise(measured: Measured): Advice[] {
  const { sharing, tower, dropout, hidden } = measured.settings;
  const harder = Math.min(0.7, Number((dropout + 0.2).toFixed(2)));
  const sharesLess = sharing !== 'shared-bottom' || tower.length > 0;
  return [
    ...(sharesLess && hurtTasks(measured).length === 0
      ? [
          {
            settings: [
              { path: 'model.sharing', value: 'shared-bottom' },
              { path: 'model.tower', value: [] },
            ],
            sentence: 'Share more: one trunk for all tasks, with nothing of their own but the output layers.',
          },
        ]
      : []),
    {
      settings: [{ path: 'model.dropout', value: harder }],
      sentence: `Share more, with related tasks or more rows, and regularise: dropout ${harder}.`,
    },
    {
      settings: [{ path: 'training.optimiser', value: { kind: 'adamw', weightDecay: 0.1 } }],
      sentence: 'Let weights decay ten times as fast.',
    },
    ...(hidden.some((width) => width > 8)
      ? [
          {
            settings: [
              { path: 'model.hidden', value: hidden.map((width) => Math.max(8, Math.ceil(width / 2))) },
            ],
            sentence: 'Halve the trunk.',
          },
        ]
      : []),
  ];
}
