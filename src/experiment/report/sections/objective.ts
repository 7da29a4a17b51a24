import type { EvaluationPoint } from '../../../optimization/index.ts';
import type { RunResult } from '../../result.ts';
import { learningCurve } from '../charts/learning-curve.ts';
import { gradientsView } from '../gradients.ts';
import { html, type Markup } from '../html.ts';
import { type CurveView, MANY_TASKS, type TaskView, thinned } from '../view.ts';
import { agreement, normFigures } from './gradients.ts';

/** What the objective did while learning: weights of tasks over time, and how their gradients met. */
export function objectiveSection({ multi, seeds }: RunResult, tasks: readonly TaskView[]): Markup {
  const points = thinned(multi.curve.filter(({ weights }) => weights !== undefined));
  const weighs = points.length >= 2;
  const gradients = gradientsView(multi.curve);
  if (!weighs && gradients === undefined) return html``;
  const few = tasks.length < MANY_TASKS;
  const shown = few ? tasks : tasks.slice(0, 6);
  const which = few ? '' : ` Drawn are the first ${shown.length} tasks.`;
  const range = seeds.length > 1 ? ' The range is that of the seeds.' : '';
  return html`<section class="objective"><h2>Weighing</h2><p class="note">Objective <b>${multi.objective}</b>.${which}${weighs && html` Mean weight of each task’s loss between evaluations.${range}`}</p>${
    weighs && html`<div class="curves">${shown.map((task) => weightFigure(points, task))}</div>`
  }${gradients && [normFigures(gradients, tasks, shown), agreement(gradients, tasks)]}</section>`;
}

function weightFigure(points: readonly EvaluationPoint[], task: TaskView): Markup {
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
