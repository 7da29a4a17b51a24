import type { EvaluationPoint } from '../../../optimization/index.ts';
import type { RunResult } from '../../result.ts';
import { heatmap } from '../charts/heatmap.ts';
import { learningCurve } from '../charts/learning-curve.ts';
import { html, type Markup } from '../html.ts';
import { type CurveView, MANY_TASKS, type TaskView } from '../view.ts';

/** What the objective did while learning: weights of tasks over time, and how their gradients met. */
export function objectiveSection({ multi, seeds }: RunResult, tasks: readonly TaskView[]): Markup {
  const points = multi.curve.filter(({ weights }) => weights !== undefined);
  const gradients = multi.curve.flatMap((point) => (point.gradients ? [point.gradients] : []));
  const last = gradients.at(-1);
  if (points.length < 2 && last === undefined) return html``;
  const shown = tasks.length < MANY_TASKS ? tasks : tasks.slice(0, 6);
  const which = seeds.length > 1 ? ' The range is that of the seeds.' : '';
  return html`<section class="objective"><h2>Weighing</h2><p class="note">Objective <b>${multi.objective}</b>.${points.length >= 2 && html` Mean weight of each task’s loss between evaluations.${which}`}</p>${
    points.length >= 2 && html`<div class="curves">${shown.map((task) => weightFigure(points, task))}</div>`
  }${last && last.cosines.length > 0 && cosines(last, gradients[0]!, tasks)}</section>`;
}

function weightFigure(points: readonly EvaluationPoint[], task: TaskView): Markup {
  const drawing = learningCurve({
    id: `weight-${task.index}`,
    title: `${task.name}: weight over training steps`,
    multi: weightCurve(points, task.index),
    independent: undefined,
    higherIsBetter: true,
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

type Gradients = NonNullable<EvaluationPoint['gradients']>;

function cosines(last: Gradients, first: Gradients, tasks: readonly TaskView[]): Markup {
  const names = tasks.map(({ name }) => name);
  const hues = new Map(tasks.map(({ name, hue }) => [name, hue]));
  const share = (value: number): string => `${(100 * value).toFixed(0)} %`;
  const title = 'Cosines of the tasks’ gradients before the last evaluation';
  return html`<h3>Do gradients agree?</h3><p class="note">Cosines of the tasks’ gradients over what they share, means before the last evaluation in the first seed; blue pulls together, rust apart. Two tasks pulled apart in ${share(first.conflicts)} of the pairs at the start and ${share(last.conflicts)} at the end.</p>${heatmap({ title, rows: names, columns: names, table: last.cosines, scale: 'signed', hues })}`;
}
