import { MOST_PARTS } from '../../front/label.ts';
import type { FrontResult, FrontTask, Spread } from '../../front/result.ts';
import { frontParallel } from '../charts/front-parallel.ts';
import { frontScatter } from '../charts/front-scatter.ts';
import { taskLabel } from '../charts/task-label.ts';
import { renderDocument } from '../document.ts';
import { duration, score, unbroken, whole } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { shell } from '../sections/usage.ts';
import { warningsSection } from '../sections/warnings.ts';
import { hueOf, MANY_TASKS } from '../view.ts';
import { type MetricAxis, metricAxis, type PointView, pointViews } from './view.ts';
import { frontWords, names } from './words.ts';

/**
 * The report of a front: one HTML file that loads nothing and needs no script.
 *
 * @example await writeFile('front.html', renderFront(front));
 */
export function renderFront(result: FrontResult): string {
  return renderDocument(result, frontWords(result)[0]!, frontSections(result));
}

/** What is told of a front, without the page around it. */
export function frontSections(result: FrontResult): Markup {
  const views = pointViews(result);
  const [answer, ...words] = frontWords(result);
  const { tasks } = result;
  const question =
    tasks.length === 2
      ? `What do ${tasks[0]!.name} and ${tasks[1]!.name} cost each other?`
      : `What do these ${tasks.length} tasks cost each other?`;
  return html`<section class="verdict open"><h1>${question}</h1><p class="answer">${answer}</p><p class="words">${unbroken(words.join(' '))}</p></section>
${drawing(result, views)}
${pointsSection(result, views)}
${warningsSection(result)}
${useSection(result)}
${setupSection(result)}`;
}

function drawing(result: FrontResult, views: readonly PointView[]): Markup {
  const { tasks, seeds } = result;
  const axes = tasks.map((task, t) => ({
    task,
    place: t,
    axis: metricAxis(
      task,
      views.map(({ point }) => point.validation[task.name]!),
    ),
  }));
  const range = seeds.length > 1 ? html` Thin lines are the range of the ${seeds.length} seeds.` : html``;
  if (tasks.length === 2) {
    const [x, y] = axes.map(({ axis }) => axis) as [MetricAxis, MetricAxis];
    return html`<section><h2>The front</h2><figure class="narrow scatter"><p class="axis">${axisName(y, 1)} <span class="soft">↑ better</span></p>${frontScatter(views, x, y)}<p class="axis across">${axisName(x, 0)} <span class="soft">better →</span></p><figcaption>Each dot is a model, with the preference ${tasks[0]!.name} : ${tasks[1]!.name} in per cent, and the colour of the task that matters more. On the validation rows, means over seeds.${range} <span class="key">the front</span> <span class="key spot">beaten</span></figcaption></figure></section>`;
  }
  const shown = axes.length < MANY_TASKS ? axes : mostMoved(axes, views);
  const chart = frontParallel(
    views,
    shown.map(({ axis }) => axis),
    shown.map(({ place }) => place),
  );
  const left = axes.length - shown.length;
  const told =
    tasks.length <= MOST_PARTS
      ? `with the preference ${names(result)} in per cent`
      : 'with the name of what it prefers';
  return html`<section><h2>The front</h2><figure class="narrow">${chart}<figcaption>Each line is a model, ${told}, and the colour of the task that matters most; right is better. On the validation rows, means over seeds.${left > 0 && html` The ${shown.length} tasks that differ most are drawn; ${left} more are in the table.`} <span class="key">on the front</span> <span class="key beaten">beaten</span></figcaption></figure></section>`;
}

function axisName({ task: { name, validation } }: MetricAxis, place: number): Markup {
  return html`<span style="--h:${hueOf(place)}"><span class="swatch"></span><b class="name">${name}</b></span> <span class="soft">${validation.metric}</span>`;
}

interface Placed {
  readonly axis: MetricAxis;
  readonly place: number;
}

/** The tasks whose gains differ most between points, in their order. */
function mostMoved<A extends Placed>(axes: readonly A[], views: readonly PointView[]): A[] {
  const spread = ({ axis: { task } }: A): number => {
    const gains = views.flatMap(({ point }) => point.gain[task.name] ?? []);
    return gains.length === 0 ? Number.NEGATIVE_INFINITY : Math.max(...gains) - Math.min(...gains);
  };
  return [...axes]
    .sort((a, b) => spread(b) - spread(a))
    .slice(0, MANY_TASKS - 1)
    .sort((a, b) => a.place - b.place);
}

/** Tasks of the most that stand beside each other in a table. */
const MOST_COLUMNS = 3;

function pointsSection(result: FrontResult, views: readonly PointView[]): Markup {
  const { tasks, seeds } = result;
  const over = seeds.length === 1 ? 'one seed' : `${seeds.length} seeds, the least and the greatest below`;
  const table = tasks.length <= MOST_COLUMNS ? wideTable(result, views) : longTable(result, views);
  return html`<section><h2>Point by point</h2><p class="note">Mean over ${over}. The validation rows decide which points are on the front; the test rows are there to be looked at.</p><div class="scroll points" tabindex="0" role="region" aria-label="Points"><table><caption class="hidden">Points</caption>${table}</table></div></section>`;
}

/** A row a point, the tasks beside each other. */
function wideTable({ tasks }: FrontResult, views: readonly PointView[]): Markup {
  return html`<thead><tr><th scope="col">Preference</th><th scope="col">Front</th>${tasks.map(
    (task, t) =>
      html`<th scope="col" class="number">${taskLabel(task.name, new Map([[task.name, hueOf(t)]]))}<br>${metricOf(task)}</th><th scope="col" class="number">on test</th>`,
  )}<th scope="col">Model</th></tr></thead><tbody>${views.map(
    (view, i) =>
      html`<tr class="${view.point.front ? 'on' : 'beaten'}"><th scope="row">${preference(view)}</th><td>${standing(view)}</td>${tasks.map(
        ({ name }) => [cell(view.point.validation[name]!, true), cell(view.point.test[name]!, false)],
      )}<td class="soft">models/${i + 1}</td></tr>`,
  )}</tbody>`;
}

/** A row a point and task. */
function longTable({ tasks }: FrontResult, views: readonly PointView[]): Markup {
  const hues = new Map(tasks.map(({ name }, t) => [name, hueOf(t)]));
  return html`<thead><tr><th scope="col">Preference</th><th scope="col">Task</th><th scope="col">Metric</th><th scope="col" class="number">Validation</th><th scope="col" class="number">Test</th></tr></thead><tbody>${views.map(
    (view, i) =>
      tasks.map(
        (task, t) =>
          html`<tr class="${view.point.front ? 'on' : 'beaten'}">${t === 0 && html`<th scope="rowgroup" rowspan="${tasks.length}">${preference(view)}<br><span class="soft">${standing(view) === 'yes' ? 'on the front' : standing(view)}, models/${i + 1}</span></th>`}<td>${taskLabel(task.name, hues)}</td><td>${metricOf(task)}</td>${cell(view.point.validation[task.name]!, true)}${cell(view.point.test[task.name]!, false)}</tr>`,
      ),
  )}</tbody>`;
}

function preference({ label, hue }: PointView): Markup {
  return hue === undefined
    ? html`<span class="swatch alike"></span>${label}`
    : html`<span style="--h:${hue}"><span class="swatch"></span>${label}</span>`;
}

function standing({ point }: PointView): string {
  if (point.front) return 'yes';
  return Object.values(point.gain).includes(null) ? 'not defined' : 'beaten';
}

function metricOf({ validation: { metric, higherIsBetter } }: FrontTask): Markup {
  return html`${metric} <span class="way" title="${higherIsBetter ? 'Higher is better' : 'Lower is better'}">${higherIsBetter ? '↑' : '↓'}</span>`;
}

function cell(spread: Spread | null, strong: boolean): Markup {
  const { mean, low, high } = spread ?? { mean: null, low: null, high: null };
  const range =
    low !== null &&
    high > low &&
    html`<br><span class="span">${score(low, mean)} – ${score(high, mean)}</span>`;
  return html`<td class="${strong ? 'number strong' : 'number'}">${score(mean)}${range}</td>`;
}

function useSection({ run, points }: FrontResult): Markup {
  const best = points.findIndex(({ front }) => front) + 1;
  if (best === 0) return html``;
  return html`<section><h2>Use it</h2><p class="note">Every point has its model in a folder of its own.</p><pre tabindex="0"><code>polytask predict ${shell(`${run}/models/${best}`)} rows.csv --out predictions.csv</code></pre></section>`;
}

function setupSection(result: FrontResult): Markup {
  const { sharing, objective, seeds, machine, data, points } = result;
  const { train, validation, test } = data.rows;
  const steps = points.map((point) => point.steps);
  const seconds = points.reduce((sum, { trainSeconds }) => sum + trainSeconds, 0);
  const constants = result.tasks.map((task) => `${task.name} ${score(task.validation.constant)}`);
  const rows: [string, string][] = [
    ['Models', `${sharing}, objective ${objective}; ${points.length} preferences, seeds ${seeds.join(', ')}`],
    [
      'Steps',
      `${whole(Math.min(...steps))} to ${whole(Math.max(...steps))} a model; trained in ${duration(seconds)}`,
    ],
    [
      'Rows',
      `${whole(train)} train, ${whole(validation)} validation, ${whole(test)} test, of ${data.source}`,
    ],
    ['Best constant', `${constants.slice(0, 12).join(', ')}${constants.length > 12 ? ', …' : ''}`],
    ['Runtime', `${machine.runtime}; ${machine.cores} cores; Node ${machine.node}`],
    ['Polytask', result.polytask],
    ['Run folder', result.run],
  ];
  return html`<section><h2>In full</h2><details><summary>Set-up</summary><dl class="setup">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd class="name">${value}</dd></div>`)}</dl></details></section>`;
}
