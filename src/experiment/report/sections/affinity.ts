import { type Affinity, affinityFrom, type ObservedGradients } from '../../../diagnosis/index.ts';
import { proposals } from '../../grouping/proposals.ts';
import type { ProposedGrouping } from '../../grouping/result.ts';
import type { RunResult } from '../../result.ts';
import { heatmap } from '../charts/heatmap.ts';
import { matrixPicture } from '../charts/matrix-picture.ts';
import { type Hues, taskLabel } from '../charts/task-label.ts';
import { html, type Markup } from '../html.ts';
import { MOST_NUMBERS, type TaskView } from '../view.ts';

const KINDS = {
  'first-order': html`gᵢ·gⱼ / Lⱼ, for a unit of learning rate`,
  'look-ahead': html`the share by which a step of one task lowers the loss of another, for a unit of learning rate`,
} as const;

/** Pairs of tasks of the most that are shown layer by layer. */
const MOST_PAIRS = 28;

/** What tasks gain from each other as training measured it, the groups that this proposes, and gradients layer by layer. */
export function affinitySection({ multi }: RunResult, tasks: readonly TaskView[]): Markup {
  const { observed } = multi;
  if (observed === undefined || observed.looks === 0) return html``;
  const hues: Hues = new Map(tasks.map(({ name, hue }) => [name, hue]));
  const affinity = affinityFrom(observed.affinity.values);
  const groupings = tasks.length > 2 ? proposals(affinity, {}) : [];
  const framed = groupings.find(({ groups }) => groups.length > 1);
  return html`<section class="affinity"><h2>What tasks gain from each other</h2><p class="note">How much a step of one task (column) helps another (row): ${KINDS[observed.affinity.kind]}; the mean of ${observed.looks} looks at the training of the first seed. What counts is what is more and what is less.${framed && ` Framed are the tasks of one group, of ${framed.groups.length}.`}</p>${matrix(affinity, framed, hues)}${groupings.length > 0 && proposed(groupings, hues)}${layers(observed, tasks, hues)}</section>`;
}

/** Tasks of one group stand together. */
function matrix(affinity: Affinity, grouping: ProposedGrouping | undefined, hues: Hues): Markup {
  const groupOf = (t: number): number => grouping?.servedBy[t] ?? 0;
  const order = affinity.tasks.map((_, t) => t).sort((a, b) => groupOf(a) - groupOf(b) || a - b);
  const names = order.map((t) => affinity.tasks[t]!);
  const title = 'What each task gains from each other';
  const table = order.map((to) => order.map((from) => (to === from ? null : affinity.benefit(to, from))));
  if (names.length > MOST_NUMBERS) return matrixPicture({ title, names, table, groups: order.map(groupOf) });
  return heatmap({
    title,
    rows: names,
    columns: names,
    table,
    scale: 'signed',
    hues,
    ...(grouping && { framed: (r, c) => groupOf(order[r]!) === groupOf(order[c]!) }),
  });
}

function proposed(groupings: readonly ProposedGrouping[], hues: Hues): Markup {
  return html`<h3>Which belong together?</h3><p class="note">Groups in which tasks gain most from each other, chosen by these numbers alone: as many as do each other more good than harm, or at most so many; a task in brackets helps there and is served by another group. <code>polytask group RUN --verify</code> trains them.</p><dl class="groups">${groupings.map(
    ({ most, groups, servedBy }) =>
      html`<dt>${most === 'any' ? 'As many as gain' : `At most ${most} groups`}</dt><dd>${groups.map(
        (group, g) =>
          html`<p>${group.map((name) => member(name, servedBy[[...hues.keys()].indexOf(name)] === g, hues))}</p>`,
      )}</dd>`,
  )}</dl>`;
}

function member(name: string, serves: boolean, hues: Hues): Markup {
  const label = taskLabel(name, hues);
  return html`<span class="member">${serves ? label : html`(${label})`}</span> `;
}

/** How gradients met in each layer: pairs of few tasks, else all pairs together. */
function layers({ layers: own, whole }: ObservedGradients, tasks: readonly TaskView[], hues: Hues): Markup {
  const columns = [...own.map(({ name }) => name), 'all layers'];
  const met = [...own, whole];
  const pairs = tasks.flatMap((_, t) => tasks.slice(0, t).map((_own, u) => [u, t] as const));
  const few = whole.cosines.length > 0 ? pairs : [];
  const shown = [...few]
    .sort(([a, b], [c, d]) => (whole.cosines[b]![a] ?? 0) - (whole.cosines[d]![c] ?? 0))
    .slice(0, MOST_PAIRS);
  const rows = shown.map(([u, t]) => `${tasks[u]!.name} · ${tasks[t]!.name}`);
  const less =
    shown.length < few.length ? ` The ${shown.length} of ${few.length} pairs with the lowest.` : '';
  return html`<h3>Where do they agree?</h3><p class="note">Mean cosines of two tasks’ gradients in each layer that they share; blue pulls together, rust apart. Of all pairs of all looks ${perCent(whole.conflicts)} pointed apart.${less}</p>${heatmap(
    {
      title: 'Cosines of gradients layer by layer',
      rows: [...rows, 'mean of all pairs'],
      columns,
      table: [
        ...shown.map(([u, t]) => met.map(({ cosines }) => cosines[t]![u]!)),
        met.map(({ cosine }) => cosine),
      ],
      scale: 'signed',
      hues,
    },
  )}`;
}

const perCent = (share: number | null): string => (share === null ? 'none' : `${(100 * share).toFixed(0)} %`);
