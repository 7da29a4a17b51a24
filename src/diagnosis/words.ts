import type { Diagnosis, TaskDiagnosis } from './diagnosis.ts';
import { change, count, list, percent, portionOf, range } from './phrases.ts';
import { effort, summariseQuicker } from './quicker.ts';
import { efficiencyWords } from './sample-efficiency.ts';
import { MOST_SEEDS, seedsNeeded } from './seeds-needed.ts';
import { type Effect, effectOf } from './verdict.ts';

type Facts = Omit<Diagnosis, 'words'>;

/** From this many tasks on they are counted instead of listed. */
const MANY = 16;
/** More folds overlap so much that they tell little more. */
const MANY_FOLDS = 10;

/**
 * The diagnosis as one paragraph, a sentence an item: what was found, whom it helped and hurt, how quick and how
 * small, who overfits, what fewer rows change, how sure this is, and what to do next. Every sentence is drawn from the numbers by a rule;
 * a sentence that has no numbers is left out.
 *
 * @param folds how many, where the rows were tested fold by fold
 */
export function describe(facts: Facts, seeds: number, folds?: number): string[] {
  return [
    ...finding(facts),
    facts.tasks.length >= MANY ? counted(facts) : listed(facts),
    quickness(facts),
    size(facts),
    fitting(facts),
    facts.efficiency === undefined ? '' : efficiencyWords(facts.efficiency),
    certainty(facts, seeds, folds),
    next(facts, seeds, folds),
  ].filter((sentence) => sentence !== '');
}

function finding({ verdict, delta, tasks }: Facts): string[] {
  if (delta === null) return ['Not settled.', 'No task has a score both together and apart to compare.'];
  const subject = subjectOf(tasks.length, tasks.filter((task) => task.delta !== null).length);
  const does = `${subject} ${change(delta.mean)} together than apart`;
  const interval = range(delta);
  const sure = `${does} (95 % interval: ${interval}).`;
  const effect = effectOf(delta);
  if (verdict === 'share') {
    if (effect === 'helped') return ['Make these one model.', sure];
    if (effect === 'equal')
      return ['One model is enough.', `${subject} as well together as apart, within 1 % (${interval}).`];
    return ['One model is enough.', 'Every task does better together or the same within 1 %.'];
  }
  if (verdict === 'separate') return ['Keep these apart.', sure];
  if (verdict === 'mixed') return ['Share in part.', sure];
  if (interval === null) return ['Not settled.', `${does}, in a single run.`];
  return ['Not settled.', `${does}, but the 95 % interval reaches from ${interval}.`];
}

function subjectOf(tasks: number, compared: number): string {
  if (tasks === 1) return 'The task does';
  if (compared === 1) return 'The one task that can be compared does';
  return `On average the ${compared} tasks${compared < tasks ? ' that can be compared' : ''} do`;
}

/** Whom it helped and hurt, by name. */
function listed({ tasks, intervalOver }: Facts): string {
  if (tasks.length < 2 || intervalOver === 'nothing') return '';
  const of = (effect: Effect, clear?: boolean): TaskDiagnosis[] =>
    byDelta(tasks.filter((task) => task.effect === effect && (clear === undefined || task.clear === clear)));
  const named = (chosen: readonly TaskDiagnosis[]): string =>
    list(chosen.map(({ name, delta }) => `${name} (${percent(delta!.mean)})`));
  const names = (chosen: readonly TaskDiagnosis[]): string => list(chosen.map(({ name }) => name));
  const [helped, hurt] = [of('helped'), of('hurt').reverse()];
  const [equal, open] = [of('equal'), of('undecided')];
  const clauses = [
    helped.length > 0 && `sharing helps ${named(helped)}`,
    hurt.length > 0 && `${helped.length > 0 ? 'it' : 'sharing'} hurts ${named(hurt)}`,
    equal.length > 0 && `no difference beyond 1 % for ${names(equal)}`,
    open.length > 0 &&
      (open.length === tasks.length ? 'no single task is settled' : `not settled for ${names(open)}`),
  ].filter((clause) => clause !== false);
  const faint = [...of('helped', false), ...of('hurt', false)];
  const caution =
    faint.length === 0
      ? ''
      : ` Among ${tasks.length} tasks, the ${faint.length === 1 ? 'result' : 'results'} for ${names(faint)} may be chance.`;
  return `${capital(clauses.join('; '))}.${caution}`;
}

/** The same for many tasks, by count, with what chance alone would show. */
function counted({ tasks, wins, losses, intervalOver }: Facts): string {
  if (intervalOver === 'nothing') return '';
  const rest = tasks.length - wins - losses;
  const extremes = byDelta(tasks.filter(({ effect, clear }) => clear && effect !== 'undecided'));
  const most = (chosen: readonly TaskDiagnosis[]): string =>
    list(chosen.slice(0, 3).map(({ name, delta }) => `${name} (${change(delta!.mean)})`));
  const best = most(extremes.filter(({ effect }) => effect === 'helped'));
  const worst = most(extremes.filter(({ effect }) => effect === 'hurt').reverse());
  const chance = Math.max(1, Math.round(tasks.length / 40));
  return [
    `Of ${tasks.length} tasks, sharing helps ${wins || 'none'} and hurts ${losses || 'none'}; ${rest || 'none'} stay the same or are not settled.`,
    wins + losses > 0 && `By chance alone about ${chance} would look helped and ${chance} hurt.`,
    best !== '' && `It helps most: ${best}.`,
    worst !== '' && `It hurts most: ${worst}.`,
    wins + losses > 0 && best + worst === '' && 'No single task stands out from that.',
  ]
    .filter((sentence) => sentence !== false)
    .join(' ');
}

function quickness({ tasks }: Facts): string {
  const { reached, compared, steps, rows } = summariseQuicker(tasks.map((task) => task.quicker));
  if (compared === 0) return '';
  const best =
    compared === 1
      ? "the separate model's best validation score"
      : "the separate models' best validation scores";
  if (reached === 0)
    return `In training, the joint model did not reach ${best}${compared > 1 ? ' on any task' : ''}.`;
  const where =
    compared === 1
      ? ''
      : reached === compared
        ? ` on all ${compared} tasks`
        : ` on ${reached} of ${compared} tasks`;
  const when = steps === null ? '' : `, ${reached > 1 ? 'typically ' : ''}after ${effort(steps, rows)}`;
  return `In training, the joint model reached ${best}${where}${when}.`;
}

function size({ smaller, tasks }: Facts): string {
  const { parameters, fileBytes, latency } = smaller;
  const against = tasks.length === 1 ? 'the separate model' : `the ${tasks.length} separate models together`;
  return `Against ${against} it has ${portionOf(parameters, 'parameters', 'about as many parameters')}, ${portionOf(fileBytes, 'file size')} and ${portionOf(latency, 'prediction time')}.`;
}

function fitting({ tasks }: Facts): string {
  const names = (together: boolean, apart: boolean): string =>
    list(
      tasks
        .filter(
          ({ overfitting: { multi, independent } }) =>
            (multi?.overfits ?? false) === together && (independent?.overfits ?? false) === apart,
        )
        .map(({ name }) => name),
    );
  const [relieved, burdened, both] = [names(false, true), names(true, false), names(true, true)];
  return [
    relieved !== '' && `overfitting shows apart but not together: ${relieved}`,
    burdened !== '' && `overfitting shows together but not apart: ${burdened}`,
    both !== '' && `overfitting shows both ways: ${both}`,
  ]
    .filter((clause) => clause !== false)
    .map((clause) => `${capital(clause)}.`)
    .join(' ');
}

function certainty({ intervalOver }: Facts, seeds: number, folds = 1): string {
  if (intervalOver === 'folds')
    return `The intervals come from ${folds} folds of the rows, each ${seeds === 1 ? 'with one seed' : `the mean of ${seeds} seeds`}; folds share training rows, for which they are widened.`;
  if (intervalOver === 'seeds')
    return `The intervals come from ${seeds} training runs with different seeds on one split of the rows; another split may differ.`;
  if (intervalOver === 'rows')
    return 'With one seed, the intervals come from resampling the test rows; how much another seed would change is not known.';
  return seeds === 1 ? 'With one seed and no interval, a difference cannot be told from chance.' : '';
}

function next({ verdict, tasks, delta, intervalOver }: Facts, seeds: number, folds = 1): string {
  if (verdict === 'share') return 'Next: use the one model.';
  if (verdict === 'separate') {
    const hurt = byDelta(tasks.filter(({ effect }) => effect === 'hurt')).reverse();
    if (hurt.length > 0 && hurt.length < tasks.length && tasks.length > 2)
      return `Next: train ${list(hurt.map(({ name }) => name))} apart first, and compare the other ${tasks.length - hurt.length} again.`;
    return 'Next: train a model for each task, or try a way of sharing that keeps more apart.';
  }
  if (verdict === 'mixed') {
    const hurt = byDelta(tasks.filter(({ effect, clear }) => effect === 'hurt' && clear)).reverse();
    if (hurt.length === 0)
      return 'Next: train the tasks that gain together and the others apart, and compare again.';
    const others = tasks.filter((task) => !hurt.includes(task));
    // Who gains does so in the company of the one that loses, so that both models are wanted.
    if (others.length === 1)
      return `Next: use the one model for ${others[0]!.name}, and train ${list(hurt.map(({ name }) => name))} apart.`;
    return `Next: train ${list(hurt.map(({ name }) => name))} apart and the other ${others.length} together, and compare again.`;
  }
  if (delta === null) return 'Next: check that every task has enough labelled test rows.';
  if (intervalOver === 'folds')
    return folds < MANY_FOLDS
      ? `Next: run ${MANY_FOLDS} folds.`
      : 'Next: decide by size and speed, or bring more rows; more folds would hardly settle it.';
  if (intervalOver !== 'seeds') return 'Next: run at least 5 seeds.';
  const needed = seedsNeeded(delta, seeds);
  if (needed !== null)
    return `Next: run about ${count(needed, 'seed')}; if scores keep scattering as they did, that settles it.`;
  return `Next: decide by size and speed; even ${MOST_SEEDS} seeds would hardly settle a difference like this.`;
}

/** Best first. */
function byDelta(tasks: readonly TaskDiagnosis[]): TaskDiagnosis[] {
  return [...tasks].sort((a, b) => (b.delta?.mean ?? 0) - (a.delta?.mean ?? 0));
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
