import { heatmap } from '../charts/heatmap.ts';
import { matrixPicture } from '../charts/matrix-picture.ts';
import { linearAxis, logAxis, shareAxis } from '../charts/plot.ts';
import { niceAbove } from '../charts/scale.ts';
import { strips } from '../charts/strips.ts';
import type { Hues } from '../charts/task-label.ts';
import { type TimeLineInput, timeLine } from '../charts/time-line.ts';
import { amount, NONE } from '../format.ts';
import { type GradientsView, geometricMeans, present } from '../gradients.ts';
import { html, type Markup } from '../html.ts';
import { MOST_NUMBERS, type TaskMark } from '../view.ts';

/** Pairs of tasks of the most that are shown over time. */
const MOST_PAIRS = 21;

/** How long the tasks' gradients were, each over time; all on one scale, as what counts is which is longer. */
export function normFigures(
  { steps, norms, looks }: GradientsView,
  tasks: readonly TaskMark[],
  shown: readonly TaskMark[],
): Markup {
  const reference = geometricMeans(norms);
  const there = present([...shown.flatMap(({ index }) => norms[index]!), ...reference]);
  if (steps.length < 2 || there.length === 0) return html``;
  const ends = tasks
    .map(({ name, index }) => ({ name, norm: norms[index]!.at(-1) ?? null }))
    .filter((end): end is { name: string; norm: number } => end.norm !== null)
    .sort((a, b) => b.norm - a.norm);
  const [longest, shortest] = [ends[0], ends.at(-1)];
  const axis = logAxis(...widened(Math.min(...there), Math.max(...there)));
  return html`<h3>How long are the gradients?</h3><p class="note">The norm of each task’s gradient over what tasks share, ${meansOf(looks)}, on one logarithmic scale. ${
    ends.length > 1 &&
    html`At the end <b class="name">${longest!.name}</b> has the longest, ${amount(longest!.norm)}, and <b class="name">${shortest!.name}</b> the shortest, ${amount(shortest!.norm)}. <span class="key alone">geometric mean of all tasks</span>`
  }</p><div class="curves">${shown.map(({ name, hue, index }) => {
    const values = norms[index]!;
    const title = `${name}: norm of the gradient over training steps`;
    const drawing = timeLine({ title, steps, values, reference, axis, format: amount });
    return html`<figure class="multiple" style="--h:${hue}"><figcaption><span class="swatch"></span><b class="name">${name}</b> <span class="soft">norm ${said(values.at(-1) ?? null)} at the end</span></figcaption>${drawing}</figure>`;
  })}</div>`;
}

/** Whether gradients agreed: over time for all pairs together, for each pair, and at the end. */
export function agreement(view: GradientsView, tasks: readonly TaskMark[]): Markup {
  const { first, last, looks } = view;
  return html`<h3>Do gradients agree?</h3><p class="note">Two tasks pulled apart in ${perCent(first.conflicts)} of the pairs at the start and ${perCent(last.conflicts)} at the end; ${meansOf(looks)}.</p>${view.steps.length > 1 && [together(view), overTime(view, tasks)]}`;
}

/** What is said of all pairs at once; looks tell of conflicts alone. */
function together(view: GradientsView): Markup {
  const { steps, conflicts, condition, similarity, first, last, looks } = view;
  const most = Math.max(0.1, ...present(conflicts));
  const worst = Math.max(4, ...present(condition));
  return html`<div class="curves whole">${[
    figure(
      'Conflicts',
      `from ${perCent(first.conflicts)} to ${perCent(last.conflicts)}`,
      'Of all pairs of gradients, those that point apart.',
      { steps, values: conflicts, axis: shareAxis(Math.min(1, niceAbove(most))), format: perCent },
    ),
    looks === undefined &&
      figure(
        'Condition number',
        `from ${unbounded(first.condition)} to ${unbounded(last.condition)}`,
        'Of the matrix of gradients: 1 where they are orthogonal and equally long; infinite, with no line, where one is 0 or follows from others.',
        { steps, values: condition, axis: logAxis(1, worst), format: amount },
      ),
    looks === undefined &&
      figure(
        'Similarity of lengths',
        `from ${said(first.similarity)} to ${said(last.similarity)}`,
        'Mean over pairs of gradients: 1 where they are equally long, near 0 where one outweighs the other.',
        { steps, values: similarity, axis: linearAxis(0, 1), format: amount },
      ),
  ]}</div>`;
}

function figure(name: string, ends: string, about: string, line: Omit<TimeLineInput, 'title'>): Markup {
  const title = `${name} over training steps`;
  return html`<figure class="multiple"><figcaption><b>${name}</b> <span class="soft">${ends}</span></figcaption>${timeLine({ title, ...line })}<p class="remark">${about}</p></figure>`;
}

/** The cosine of each pair of tasks as it moved. */
function overTime({ steps, pairs }: GradientsView, tasks: readonly TaskMark[]): Markup {
  if (pairs.length === 0) return html``;
  const hues = huesOf(tasks);
  const shown = pairs.slice(0, MOST_PAIRS);
  const which =
    shown.length < pairs.length
      ? ` The ${shown.length} of ${pairs.length} pairs with the lowest mean.`
      : ' The lowest mean stands first.';
  const rows = shown.map((pair) => ({ ...pair, tasks: pair.tasks.map((t) => tasks[t]!.name) }));
  return html`<h3>Which pull together, and when?</h3><p class="note">The cosine of each pair of gradients over training steps; blue pulls together, rust apart, and a gap is where the two did not meet.${which}</p>${strips({ title: 'Cosines of pairs of gradients over training steps', steps, rows, hues })}`;
}

/** The last of the matrices that the pairs over time are made of. */
export function lastMatrix({ last, looks }: GradientsView, tasks: readonly TaskMark[]): Markup {
  const table = last.cosines;
  if (table.length < 2) return html``;
  const when = looks === undefined ? 'before the last evaluation' : 'at the last look';
  const title = `Cosines of the tasks’ gradients ${when}`;
  return html`<h3>${looks === undefined ? 'At the last evaluation' : 'At the last look'}</h3><p class="note">Cosines of the tasks’ gradients over what they share, ${looks === undefined ? 'means ' : ''}${when} in the first seed; blue pulls together, rust apart.</p>${cosineMatrix(title, table, tasks, 1)}`;
}

/**
 * Cosines of pairs as numbers, or of many tasks as a picture.
 *
 * @param reach what has the full colour
 */
export function cosineMatrix(
  title: string,
  table: readonly (readonly (number | null)[])[],
  tasks: readonly TaskMark[],
  reach: number,
): Markup {
  const names = tasks.map(({ name }) => name);
  if (names.length > MOST_NUMBERS)
    return matrixPicture({ title, names, table, groups: names.map(() => 0), reach });
  const hues = huesOf(tasks);
  return heatmap({ title, rows: names, columns: names, table, scale: 'signed', reach, hues });
}

const huesOf = (tasks: readonly TaskMark[]): Hues => new Map(tasks.map(({ name, hue }) => [name, hue]));

/** What numbers are means of. */
const meansOf = (looks: number | undefined): string =>
  looks === undefined
    ? 'mean between evaluations in the first seed'
    : `as ${looks} looks at the training of the first seed saw it`;

/** A range of at least a factor of four, so that noise does not fill the axis. */
function widened(low: number, high: number): [number, number] {
  const more = Math.max(1.1, Math.sqrt(4 / (high / low)));
  return [low / more, high * more];
}

const perCent = (share: number | null): string => (share === null ? NONE : `${(100 * share).toFixed(0)} %`);
const said = (value: number | null): string => (value === null ? 'none' : amount(value));
const unbounded = (value: number | null): string => (value === null ? 'infinite' : amount(value));
