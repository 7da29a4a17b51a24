import { percent } from '../../../diagnosis/index.ts';
import type { RunResult } from '../../result.ts';
import { learningCurve } from '../charts/learning-curve.ts';
import { html, type Markup } from '../html.ts';
import { curveView, extremes, MANY_TASKS, type TaskView } from '../view.ts';

/** Learning curves as small multiples, a task each; of many tasks the extremes. */
export function curvesSection(result: RunResult, tasks: readonly TaskView[]): Markup {
  if (result.multi.curve.length < 2) return html``;
  const { best, worst } = extremes(tasks, 3);
  const few = best.length > 0 ? [...best, ...worst] : tasks.slice(0, 6);
  const shown = tasks.length < MANY_TASKS ? tasks : few;
  const which =
    shown === tasks
      ? ''
      : best.length > 0
        ? 'The tasks that gain and lose most. '
        : `The first ${few.length} tasks. `;
  const seeds = result.seeds.length > 1;
  return html`<section><h2>While learning</h2><p class="note">${which}Validation metric over training steps. <span class="key joint">${result.multi.sharing === 'independent' ? 'Alone' : 'Together'}${seeds && ', with the range of its seeds'}</span>${result.independent && html` <span class="key alone">alone</span>`}</p><div class="curves">${shown.map(
    (task) => curveFigure(result, task),
  )}</div></section>`;
}

function curveFigure({ multi, independent }: RunResult, task: TaskView): Markup {
  const { metric, higherIsBetter } = task.facts;
  const way = higherIsBetter ? 'higher is better' : 'lower is better';
  const curve = curveView(multi.curve, task.index);
  const drawing =
    curve.mean.length > 0 &&
    learningCurve({
      id: `curve-${task.index}`,
      title: `${task.name}: ${metric} on the validation rows over training steps; ${way}`,
      multi: curve,
      independent: independent && curveView(independent.curve, task.index),
      higherIsBetter,
    });
  return html`<figure class="multiple" style="--h:${task.hue}"><figcaption><span class="swatch"></span><b class="name">${task.name}</b> <span class="soft">${metric}, ${way}</span></figcaption>${drawing || html`<p class="remark">Not defined on the validation rows.</p>`}${remark(task)}</figure>`;
}

function remark({ diagnosis }: TaskView): Markup {
  if (diagnosis === undefined) return html``;
  const { quicker, overfitting } = diagnosis;
  const reached =
    quicker === null
      ? false
      : quicker.steps.multi === null
        ? 'Together never reached the best score alone.'
        : `Best score alone after ${quicker.steps.independent} steps, together after ${quicker.steps.multi}.`;
  const fell = [
    overfitting.multi?.overfits &&
      `Together it overfits: it ends ${percent(overfitting.multi.gap)} off its best.`,
    overfitting.independent?.overfits &&
      `Alone it overfits: it ends ${percent(overfitting.independent.gap)} off its best.`,
  ].filter((text) => typeof text === 'string');
  return html`<p class="remark">${reached} ${fell.join(' ')}</p>`;
}
