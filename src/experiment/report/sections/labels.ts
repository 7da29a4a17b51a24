import type { LabelStatistics } from '../../../diagnosis/index.ts';
import { type ClassShare, classShares } from '../../../problem/class-shares.ts';
import type { RunResult } from '../../result.ts';
import { heatmap } from '../charts/heatmap.ts';
import { matrixPicture } from '../charts/matrix-picture.ts';
import { type Hues, taskLabel } from '../charts/task-label.ts';
import { truncate, whole } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { hueOf, MOST_NUMBERS } from '../view.ts';

/** Which rows have labels, how they divide among classes, and how those of two tasks meet. */
export function labelDetails({ tasks, labels, data }: Pick<RunResult, 'tasks' | 'labels' | 'data'>): Markup {
  const hues: Hues = new Map(tasks.map(({ task }, t) => [task.name, hueOf(t)]));
  // Where rows belong to one task each, none misses the labels of the others.
  const misses = data.by === undefined;
  const head = html`<th scope="col">Task</th><th scope="col">Column</th><th scope="col" class="number">Train</th>${misses && html`<th scope="col" class="number">Missing</th>`}<th scope="col" class="number">Validation</th><th scope="col" class="number">Test</th><th scope="col">Classes</th>`;
  return html`<details><summary>Labels of each task</summary><div class="scroll" tabindex="0" role="region" aria-label="Labels"><table><thead><tr>${head}</tr></thead><tbody>${tasks.map(
    ({ task, labelled: { train, validation, test } }) =>
      html`<tr style="--h:${hues.get(task.name)}"><th scope="row">${taskLabel(task.name, hues)}</th><td class="name">${task.column}</td><td class="number">${whole(train)}</td>${misses && html`<td class="number">${missing(train, data.rows.train)}</td>`}<td class="number">${whole(validation)}</td><td class="number">${whole(test)}</td>${balance(classShares(task))}</tr>`,
  )}</tbody></table></div></details>${labels && tasks.length > 1 && meeting(labels, hues)}`;
}

/** The share of training rows without a label. */
function missing(labelled: number, rows: number): string {
  if (rows === 0 || labelled >= rows) return '0 %';
  return perCent(1 - labelled / rows);
}

const WIDTH = 72;

/** How a task's labels divide: a bar, and the positive class of two, or the most and the least frequent of more. */
function balance(shares: readonly ClassShare[] | undefined): Markup {
  if (shares === undefined || shares.length === 0) return html`<td class="soft">numbers</td>`;
  const sorted = [...shares].sort((a, b) => b.share - a.share);
  const said = shares.length === 2 ? shares.slice(1) : [sorted[0]!, sorted.at(-1)!];
  const all = shares.slice(0, 20).map(({ name, share }) => `${truncate(name, 28)}: ${perCent(share)}`);
  const more = shares.length > all.length ? `, and ${shares.length - all.length} more` : '';
  const sum = shares.reduce((total, { share }) => total + share, 0) || 1;
  let at = 0;
  const title = `${all.join(', ')}${more}`;
  return html`<td data-value="${title}"><svg class="bar balance" role="img" width="${WIDTH}" height="12"><title>${title}</title>${shares.map(
    ({ share }, i) => {
      const x = at;
      at += (WIDTH * share) / sum;
      const tint = 25 + Math.round((65 * i) / Math.max(1, shares.length - 1));
      return html`<rect x="${x.toFixed(1)}" width="${(at - x).toFixed(1)}" height="12" style="--tint:${tint}%"/>`;
    },
  )}</svg> ${said.map(({ name, share }) => `${truncate(name, 18)}: ${perCent(share)}`).join(' … ')}${shares.length > 2 && html` <span class="soft">of ${shares.length}</span>`}</td>`;
}

/** Which rows two tasks both label, and how the labels go together there. */
function meeting({ rows, overlap, correlation }: LabelStatistics, hues: Hues): Markup {
  const complete = overlap.every((row) => row.every((share) => share === 1));
  const overlapping = complete
    ? html`<p class="note">All tasks label the same rows.</p>`
    : html`<h3>Overlap</h3><p class="note">Of the rows that the rarer of two tasks labels, the share that the other labels as well${hues.size > MOST_NUMBERS ? ': the darker, the more' : ', in per cent'}.</p>${square('Overlap of labels', overlap, 'share', hues)}`;
  return html`<details><summary>How labels of tasks meet</summary>${overlapping}<h3>Correlation</h3><p class="note">How the labels of two tasks go together on ${whole(rows)} training rows, where both are there: Spearman’s ρ, or of classes without order the part of it that has no sign; blue is above 0, rust below.</p>${square('Correlation of labels', correlation, 'signed', hues)}</details>`;
}

function square(
  title: string,
  table: readonly (readonly (number | null)[])[],
  scale: 'share' | 'signed',
  hues: Hues,
): Markup {
  const names = [...hues.keys()];
  const others = table.map((row, t) => row.map((value, u) => (t === u ? null : value)));
  if (names.length > MOST_NUMBERS)
    return matrixPicture({ title, names, table: others, groups: names.map(() => 0), reach: 1 });
  return heatmap({ title, rows: names, columns: names, table: others, scale, reach: 1, hues });
}

/** Small shares have a digit more. */
function perCent(share: number): string {
  const value = 100 * share;
  return `${value > 0 && value < 9.95 ? value.toFixed(1) : value.toFixed(0)} %`;
}
