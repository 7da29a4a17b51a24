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
 * parameters lie at 30 % to 60 %. The difference of skills must also be more than twice its standard error (`skillError`), of the
 * task or of the sum over tasks, and what was learned more than twice its own. Where sharing helped, it helped because tasks lend each other rows; otherwise it limits both ways.
 *
 * J. Baxter: A model of inductive bias learning. JAIR 12, 2000.
 */
export const overfitting: CauseRule = {
  code: 'overfitting',
  title: 'Too little data',
  statistic: 'share of the skill on training rows that is lost on validation rows, at the kept state',
  rule: 'above 25 %, and the difference above twice its standard error, of the task or of the sum over tasks',
  advice: 'share more; more dropout and weight decay; a smaller network',
  applies: ({ multi, independent }) => multi.training !== undefined && independent.training !== undefined,
  find: (measured) => {
    const gaps = measured.tasks.map((_, t) => widestGap(measured, t));
    const common = stands(sumOf(gaps.filter((gap) => gap !== undefined)));
    const own = positions(gaps, (gap) => gap !== undefined && (stands(gap) || (common && isPart(gap))));
    if (own.length === 0) return undefined;
    const helped = helpedTasks(measured).filter((t) => own.includes(t));
    const names = own.map((t) => measured.tasks[t]!.name);
    const all = sumOf(own.map((t) => gaps[t]!));
    const value = Math.min(1, all.difference / all.learned);
    const share = `${(100 * value).toFixed(0)} % of what is learned on training rows`;
    return {
      code: 'overfitting',
      bearing: helped.length > 0 ? 'helps' : 'limits',
      tasks: names,
      statistic: { name: 'skill lost from training to validation rows', value, threshold: MOST_LOST },
      strength: strengthOf(value, MOST_LOST),
      sentence:
        helped.length > 0
          ? `There are few rows for ${list(names)}, ${share} does not hold on others, and sharing lends them rows.`
          : `There are few rows for ${list(names)}: ${share} does not hold on others.`,
      advice: advise(measured),
    };
  },
};

/** The skill on training rows, what of it is missing on validation rows, and their standard errors. */
interface Gap {
  readonly learned: number;
  readonly learnedError: number;
  readonly difference: number;
  readonly error: number;
}

/** Whether something was learned, a good part of it is missing, and neither is chance. */
function stands({ learned, learnedError, difference, error }: Gap): boolean {
  return learned > 2 * learnedError && difference > 2 * error && difference > MOST_LOST * learned;
}

/** Whether a task has a part in what stands of all tasks together. */
function isPart({ learned, learnedError, difference }: Gap): boolean {
  return learned > learnedError && difference > MOST_LOST * learned;
}

/** What tasks have learned and lost together. */
function sumOf(gaps: readonly Gap[]): Gap {
  const sum = (of: (gap: Gap) => number): number => gaps.reduce((total, gap) => total + of(gap), 0);
  return {
    learned: sum(({ learned }) => learned),
    learnedError: Math.hypot(...gaps.map(({ learnedError }) => learnedError)),
    difference: sum(({ difference }) => difference),
    error: Math.hypot(...gaps.map(({ error }) => error)),
  };
}

/** The gap of a task on the side of the comparison where it is wider; undefined where nothing was learned. */
function widestGap({ tasks, multi, independent }: Measured, t: number): Gap | undefined {
  const { constants, higherIsBetter, labelled } = tasks[t]!;
  const gaps = [multi, independent].flatMap(({ training, validation }): Gap[] => {
    const mean = (scores: typeof validation, constant: number | null): number =>
      overSeeds(scores.length, (seed) => skill(scores[seed]?.[t] ?? null, constant, higherIsBetter))?.mean ??
      0;
    const learned = mean(training!, constants.training);
    const held = mean(validation, constants.validation);
    const error = Math.hypot(skillError(labelled.train, learned), skillError(labelled.validation, held));
    const learnedError = skillError(labelled.train);
    return learned > 0 ? [{ learned, learnedError, difference: learned - held, error }] : [];
  });
  return gaps.sort((a, b) => b.difference - a.difference)[0];
}

function advise(measured: Measured): Advice[] {
  const { sharing, tower, dropout, hidden, optimiser } = measured.settings;
  const decay = Number(optimiser.weightDecay) || 0.01;
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
    ...(optimiser.kind === 'adamw'
      ? [
          {
            settings: [{ path: 'training.optimiser', value: { ...optimiser, weightDecay: 10 * decay } }],
            sentence: 'Let weights decay ten times as fast.',
          },
        ]
      : []),
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
