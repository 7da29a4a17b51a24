import type { EvaluationPoint } from '../../../optimization/index.ts';
import type { TrialResult } from '../../result.ts';
import { learningCurve } from '../charts/learning-curve.ts';
import { gradientsView } from '../gradients.ts';
import { html, type Markup } from '../html.ts';
import { type CurveView, MANY_TASKS, type TaskMark, thinned } from '../view.ts';
import { agreement, lastMatrix, normFigures } from './gradients.ts';

/** A training, be it finished or not. */
export interface Trained {
  readonly multi: Pick<TrialResult, 'curve'> & { readonly objective?: string };
  readonly seeds: readonly number[];
}

/**
 * What the objective did while learning: weights of tasks over time, and how their gradients met.
 *
 * @param options matrix: whether the last cosines are shown as a matrix; without where that is shown at any time
 */
export function objectiveSection(
  { multi, seeds }: Trained,
  tasks: readonly TaskMark[],
  { matrix = true }: { readonly matrix?: boolean } = {},
): Markup {
  const points = thinned(multi.curve.filter(({ weights }) => weights !== undefined));
  const weighs = points.length >= 2;
  const gradients = gradientsView(multi.curve);
  if (!weighs && gradients === undefined) return html``;
  const few = tasks.length < MANY_TASKS;
  const shown = few ? tasks : tasks.slice(0, 6);
  const which = few ? '' : ` Drawn are the first ${shown.length} tasks.`;
  const range = seeds.length > 1 ? ' The range is that of the seeds.' : '';
  const plain = !weighs && gradients?.looks !== undefined;
  return html`<section class="objective"><h2>${plain ? 'Gradients' : 'Weighing'}</h2><p class="note">${multi.objective !== undefined && html`Objective <b>${multi.objective}</b>.`}${which}${weighs && html` Mean weight of each task’s loss between evaluations.${range}`}</p>${
    weighs && html`<div class="curves">${shown.map((task) => weightFigure(points, task))}</div>`
  }${gradients && [normFigures(gradients, tasks, shown), agreement(gradients, tasks), matrix && lastMatrix(gradients, tasks)]}</section>`;
}

function weightFigure(points: readonly EvaluationPoint[], task: TaskMark): Markup {
  const drawing = learningCurve({
    id: `weight-${task.index}`,
    title: `${task.name}: weight over training steps`,
    multi: weightCurve(points, task.index),
    independent: undefined,
    higherIsBetter: null,
  });
  return html`<figure class="multiple" style="--h:${task.hue}"><figcaption><span class="swatch"></span><b class="name">${task.name}</b> <span class="soft">weight</span></figcaption>${drawing}</figure>`;
}

function weightCurve(points: readonly EvaluationPoint[], task: number): CurveView {
  const each = points.map(({ step, weights }) => {
    const own = weights!.map((row) => row[task]!);
    return {
      step,
      metric: own.reduce((a, b) => a + b, 0) / own.length,
      low: Math.min(...own),
      high: Math.max(...own),
    };
  });
  return {
    mean: each.map(({ step, metric }) => ({ step, metric })),
    low: each.map(({ low }) => low),
    high: each.map(({ high }) => high),
  };
}
