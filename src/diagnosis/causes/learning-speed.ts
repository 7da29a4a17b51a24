import type { EvaluationPoint } from '../../optimization/index.ts';
import { bestPoint, type CurvePoint, taskCurve } from '../curve.ts';
import { relativeChange } from '../delta.ts';
import { smoothed } from '../overfitting.ts';
import { list, percent } from '../phrases.ts';
import { EQUAL_MARGIN } from '../verdict.ts';
import { type Advice, type CauseRule, strengthOf } from './cause.ts';
import { hurtTasks, type Measured, type MeasuredTrial, positions, skill, skillError } from './measured.ts';

/** Learned is what has come this far from the constant to the task's own best. */
const MOST = 0.9;
/** How many times as long the slowest task takes. */
const LEAST_RATIO = 2;

/**
 * Tasks that learn at different rates in one model, of which one state is kept:
 *
 *   ratio = steps of the slowest task ÷ steps of the quickest, to 90 % of the way from its constant to its own best
 *
 * validation score of the joint training, on smoothed curves. It is a cause where that is 2 or more and what is kept is
 * worse for a task that sharing hurt than its own best, by more than 1 % and by more than twice the scatter of its curve.
 * Below 2, a curve that is judged every few steps tells no difference.
 *
 * Z. Chen et al.: GradNorm: gradient normalization for adaptive loss balancing. ICML 2018.
 */
export const learningSpeed: CauseRule = {
  code: 'learning-speed',
  title: 'Learning at different rates',
  statistic: 'steps to 90 % of a task’s own best validation score, the slowest task’s ÷ the quickest’s',
  rule: '2 or more, and the kept state is over 1 % and over twice the scatter worse than its own best for a task that was hurt',
  advice: 'keep a state for each task; weights by the pace of tasks',
  applies: ({ multi }) => multi.curve.length >= 4,
  find: (measured) => {
    const { tasks, multi, settings } = measured;
    const paces = tasks.map((task, t) => stepsToMost(taskCurve(multi.curve, t), task));
    const known = positions(paces, (steps) => steps !== null).sort((a, b) => paces[a]! - paces[b]!);
    const [quickest, slowest] = [known[0], known.at(-1)];
    if (quickest === undefined || slowest === undefined) return undefined;
    const ratio = paces[slowest]! / paces[quickest]!;
    if (ratio < LEAST_RATIO) return undefined;
    const costs = hurtTasks(measured).map((t) => ({ t, cost: costOfKept(measured, t) }));
    const paying = costs.filter(({ cost }) => cost > 0).sort((a, b) => b.cost - a.cost);
    if (paying.length === 0) return undefined;
    const names = positions(
      tasks,
      (_, t) => t === quickest || t === slowest || paying.some((own) => own.t === t),
    );
    const dear = paying[0]!;
    return {
      code: 'learning-speed',
      bearing: 'hurts',
      tasks: names.map((t) => tasks[t]!.name),
      statistic: {
        name: `steps of ${tasks[slowest]!.name} ÷ steps of ${tasks[quickest]!.name}`,
        value: ratio,
        threshold: LEAST_RATIO,
      },
      strength: strengthOf(ratio, LEAST_RATIO),
      sentence: `Tasks learn at different rates: ${tasks[slowest]!.name} takes ${ratio.toFixed(1)} times as many steps as ${tasks[quickest]!.name}, and the state that is kept costs ${list(paying.map(({ t }) => tasks[t]!.name))} up to ${percent(dear.cost)} of its own best.`,
      advice: advise(settings.checkpoint),
    };
  },
};

/**
 * Steps until a task has come 90 % of the way from its constant to the best of its smoothed curve; null where that way is
 * no longer than chance makes it, so that it is not learned, neither slowly nor quickly.
 */
function stepsToMost(
  curve: readonly CurvePoint[],
  { constants, higherIsBetter, labelled }: Measured['tasks'][number],
): number | null {
  const constant = constants.validation;
  if (curve.length < 4 || constant === null) return null;
  const smooth = smoothed(curve);
  const best = bestPoint(smooth, higherIsBetter)!.metric;
  const learned = skill(best, constant, higherIsBetter)!;
  if (learned <= 2 * skillError(labelled.validation)) return null;
  return smooth.find(({ metric }) => (metric - constant) / (best - constant) >= MOST)?.step ?? null;
}

/** By how much per cent the kept state is worse than a task's own best, on its smoothed curve; 0 where it may be chance. */
function costOfKept({ tasks, multi }: Measured, t: number): number {
  const { higherIsBetter } = tasks[t]!;
  const curve = taskCurve(multi.curve, t);
  if (curve.length < 4) return 0;
  const smooth = smoothed(curve);
  const best = bestPoint(smooth, higherIsBetter)!.metric;
  const steps = keptSteps(multi);
  const kept = steps.reduce((sum, step) => sum + metricAt(smooth, step), 0) / steps.length;
  const cost = -(relativeChange(kept, best, higherIsBetter) ?? 0);
  const scatter = Math.sqrt(
    curve.reduce((sum, { metric }, i) => sum + (metric - smooth[i]!.metric) ** 2, 0) / curve.length,
  );
  return cost > EQUAL_MARGIN && cost > (200 * scatter) / Math.abs(best) ? cost : 0;
}

/** The step of the state that each seed kept: where the curve has its validation scores. */
function keptSteps({ validation, curve }: MeasuredTrial): number[] {
  return validation.map((kept, seed) => {
    const distance = ({ metrics }: EvaluationPoint): number =>
      kept.reduce<number>((sum, value, t) => sum + Math.abs((value ?? 0) - (metrics[seed]?.[t] ?? 0)), 0);
    return curve.reduce((nearest, point) => (distance(point) < distance(nearest) ? point : nearest)).step;
  });
}

const metricAt = (curve: readonly CurvePoint[], step: number): number =>
  (curve.find((point) => point.step >= step) ?? curve.at(-1)!).metric;

function advise(checkpoint: 'mean' | 'task'): Advice[] {
  return [
    ...(checkpoint === 'task'
      ? []
      : [
          {
            settings: [{ path: 'training.checkpoint', value: 'task' }],
            sentence: 'Keep for each task the state that is best for it.',
          },
        ]),
    {
      settings: [{ path: 'objective', value: 'dwa' }],
      sentence: 'Weigh tasks by the pace at which their losses fall.',
    },
  ];
}
