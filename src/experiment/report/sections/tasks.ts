import { effectOf, type Interval } from '../../../diagnosis/index.ts';
import type { RunResult } from '../../result.ts';
import { distribution } from '../charts/distribution.ts';
import { forest } from '../charts/forest.ts';
import { intervalBar } from '../charts/interval-bar.ts';
import { deltaReach } from '../charts/scale.ts';
import { sparkline } from '../charts/sparkline.ts';
import { NONE, score, signed, signedRange } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { byDelta, curveView, extremes, MANY_TASKS, type TaskView } from '../view.ts';

const OVER = {
  seeds: 'The 95 % intervals are of the mean over seeds.',
  folds: 'The 95 % intervals are of the mean over folds, widened since folds share training rows.',
  rows: 'One seed: intervals come from resampling the test rows.',
  nothing: 'Without intervals, since there is one seed.',
} as const;

/** A row a task, and the changes side by side; many tasks are summed up, their extremes shown, the rest folded. */
export function tasksSection(result: RunResult, tasks: readonly TaskView[]): Markup {
  const columns = columnsOf(result);
  const drawn =
    columns.curve &&
    html` The small curves are those on the validation rows over training steps${columns.compared && ', each task alone dashed'}.`;
  const note = html`<p class="note">Scores on the test rows, mean over ${result.seeds.length === 1 ? 'one seed' : `${result.seeds.length} seeds`}. ${result.diagnosis && html`The change is relative to learning the task alone; plus is better, whatever the metric. ${OVER[result.diagnosis.intervalOver]}`}${drawn}</p>`;
  const all = (): Markup => taskTable(tasks, 'All tasks', columns);
  if (tasks.length < MANY_TASKS)
    return html`<section><h2>Task by task</h2>${note}${all()}</section>${changes(result, tasks)}`;
  const table = (title: string, chosen: readonly TaskView[]): Markup =>
    html`<h3>${title}</h3>${taskTable(chosen, title, columns, reachOf(tasks))}`;
  const { best, worst } = extremes(tasks, 10);
  const known = tasks.flatMap(({ name, diagnosis }) =>
    diagnosis?.delta ? [{ label: name, delta: diagnosis.delta, effect: diagnosis.effect }] : [],
  );
  return html`<section><h2>Task by task</h2>${note}${
    known.length > 0 &&
    html`<figure>${distribution(known)}<figcaption>All ${known.length} tasks from worst to best: change in per cent, with 95 % intervals. <span class="helped">Helped</span>, <span class="hurt">hurt</span>, and the rest in grey.</figcaption></figure>`
  }${best.length > 0 && table(`The ${best.length} that gain most`, best)}${worst.length > 0 && table(`The ${worst.length} that lose most, or gain least`, worst)}<details><summary>All ${tasks.length} tasks</summary>${all()}</details></section>`;
}

function reachOf(tasks: readonly TaskView[]): number {
  return deltaReach(tasks.map(({ diagnosis }) => diagnosis?.delta ?? null));
}

function changes({ diagnosis }: RunResult, tasks: readonly TaskView[]): Markup {
  if (diagnosis === undefined || diagnosis.delta === null) return html``;
  const rows = byDelta(tasks).map(({ name, hue, diagnosis }) => ({
    label: name,
    hue,
    delta: diagnosis?.delta ?? null,
    effect: diagnosis?.effect ?? ('undecided' as const),
  }));
  const mean =
    tasks.length > 1
      ? [{ label: 'Mean over tasks', delta: diagnosis.delta, effect: effectOf(diagnosis.delta) }]
      : [];
  return html`<section><h2>What sharing changed</h2><figure class="narrow">${forest([...rows, ...mean])}<figcaption>Change in per cent against learning alone, with 95 % intervals; right of 0 is better. <span class="helped">Helped</span>, <span class="hurt">hurt</span>, and not settled or the same in grey.</figcaption></figure></section>`;
}

/** What a table tells of: one way of learning by its name, and whether each task alone stands beside it. */
interface Columns {
  readonly own: string;
  readonly compared: boolean;
  /** A task's learning curve; absent where there are no curves. */
  readonly curve: ((task: TaskView) => Markup) | undefined;
}

/** Points of a curve that is as small as a word. */
const SPARK_POINTS = 20;

function columnsOf({ multi, independent }: RunResult): Columns {
  return {
    own: multi.sharing === 'independent' ? 'Alone' : 'Together',
    compared: independent !== undefined,
    curve:
      multi.curve.length < 2
        ? undefined
        : ({ name, index, facts: { metric, higherIsBetter } }) =>
            sparkline({
              title: `${name}: ${metric} on the validation rows`,
              multi: curveView(multi.curve, index, SPARK_POINTS),
              independent: independent && curveView(independent.curve, index, SPARK_POINTS),
              higherIsBetter,
            }),
  };
}

function taskTable(
  tasks: readonly TaskView[],
  caption: string,
  columns: Columns,
  reach: number = reachOf(tasks),
): Markup {
  const { own, compared, curve } = columns;
  const judged = tasks.some(({ diagnosis }) => diagnosis !== undefined);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption class="hidden">${caption}</caption><thead><tr><th scope="col">Task</th><th scope="col" class="kind">Kind</th><th scope="col">Metric</th>${curve && html`<th scope="col" class="spark">Curve</th>`}<th scope="col" class="number">${own}</th>${compared && html`<th scope="col" class="number">Alone</th>`}<th scope="col" class="number"><abbr title="What the best constant prediction reaches">Constant</abbr></th>${judged && html`<th scope="col" class="number">Change, %</th><th scope="col">Verdict</th><th scope="col">95 % interval</th>`}</tr></thead><tbody>${tasks.map(
    (task) => taskRow(task, columns, judged, reach),
  )}</tbody></table></div>`;
}

function taskRow(task: TaskView, { compared, curve }: Columns, judged: boolean, reach: number): Markup {
  const { facts, multi, independent, diagnosis } = task;
  return html`<tr style="--h:${task.hue}"><th scope="row"><span class="swatch"></span><span class="name">${task.name}</span></th><td class="kind">${task.kind}</td><td>${facts.metric} <span class="way" title="${facts.higherIsBetter ? 'Higher is better' : 'Lower is better'}">${facts.higherIsBetter ? '↑' : '↓'}</span></td>${curve && html`<td class="spark" data-value="">${curve(task)}</td>`}<td class="number strong">${score(multi, independent)}</td>${compared && html`<td class="number">${score(independent, multi)}</td>`}<td class="number soft">${score(facts.constant)}</td>${
    judged && [deltaCell(diagnosis?.delta ?? null, reach), verdictCell(task), barCell(task, reach)]
  }</tr>`;
}

/** The number, on a ground that says which way and how far. */
function deltaCell(delta: Interval | null, reach: number): Markup {
  if (delta === null) return html`<td class="number">${NONE}</td>`;
  const tint = Math.round(8 + 30 * Math.min(1, Math.abs(delta.mean) / reach));
  return html`<td class="number delta ${delta.mean < 0 ? 'worse' : 'better'}" style="--tint:${tint}%">${signed(delta.mean)}</td>`;
}

function barCell({ name, diagnosis }: TaskView, reach: number): Markup {
  const delta = diagnosis?.delta ?? null;
  if (delta === null) return html`<td class="soft">not defined</td>`;
  return html`<td class="interval">${intervalBar(delta, reach, name)}<span class="range">${signedRange(delta) ?? 'none'}</span></td>`;
}

const EFFECTS = {
  helped: ['▲', 'helped'],
  hurt: ['▼', 'hurt'],
  equal: ['=', 'the same'],
  undecided: ['?', 'not settled'],
} as const;

function verdictCell({ diagnosis }: TaskView): Markup {
  const effect = diagnosis?.effect ?? 'undecided';
  const [sign, word] = EFFECTS[effect];
  const faint = diagnosis !== undefined && !diagnosis.clear && (effect === 'helped' || effect === 'hurt');
  return html`<td class="effect ${effect}"><span aria-hidden="true">${sign}</span> ${word}${faint && html`<span class="soft" title="Among this many tasks, chance alone may show it">, maybe</span>`}</td>`;
}
