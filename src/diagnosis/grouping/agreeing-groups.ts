import type { Affinity } from '../affinity.ts';
import type { Grouping } from './choose.ts';
import { groupingProblem } from './problem.ts';

/** Tasks up to which all partitions are tried: there are 115,975 of ten. */
const MOST_TRIED = 10;

/**
 * As many groups as the gains ask for: the partition in which tasks gain most from those of their group, all together,
 *
 *   max over partitions of Σ over groups g of Σ over t ≠ u in g of benefit(to t, from u).
 *
 * Where the losses of a group are summed, a step moves along the sum of their gradients, and to the first order a task gains
 * just this sum from the others: tasks that do each other more good than harm are put together, others apart, and a task
 * that only harms stands alone. The benefits have to know of harm: gains below 0.
 *
 * N. Bansal, A. Blum, S. Chawla: Correlation clustering. Machine Learning 56, 2004.
 *
 * @param unknown what a pair that was not measured counts as; without it such a pair is an error
 * @returns scores are sums over the others of the group; `exact` up to ten tasks, beyond it is what local search finds
 * @throws affinity-invalid
 * @example agreeingGroups(affinityFrom({ tasks: ['a', 'b', 'c'], rows: 'target', values: [[0, 2, -4], [2, 0, -4], [1, -1, 0]] })).groups; // [[0, 1], [2]]
 */
export function agreeingGroups(
  affinity: Affinity,
  { unknown }: { readonly unknown?: number } = {},
): Grouping {
  const { size, benefits, tolerance } = groupingProblem(affinity, {
    most: affinity.tasks.length,
    alone: 0,
    ...(unknown !== undefined && { unknown }),
  });
  const pull = (t: number, u: number): number => benefits[t * size + u]! + benefits[u * size + t]!;
  const labels = size <= MOST_TRIED ? everyWay(size, pull, tolerance) : bySearch(size, pull, tolerance);
  const groups: number[][] = [];
  const places = new Map<number, number>();
  const servedBy = labels.map((label, t) => {
    const place = places.get(label) ?? groups.push([]) - 1;
    places.set(label, place);
    groups[place]!.push(t);
    return place;
  });
  const scores = labels.map((_, t) =>
    groups[servedBy[t]!]!.reduce((sum, u) => (u === t ? sum : sum + benefits[t * size + u]!), 0),
  );
  const mean = scores.reduce((a, b) => a + b, 0) / size;
  let most = 0;
  for (let t = 0; t < size; t++) for (let u = 0; u < t; u++) most += Math.max(0, pull(t, u));
  const exact = size <= MOST_TRIED || most - mean * size <= tolerance;
  return { tasks: affinity.tasks, groups, servedBy, scores, mean, bound: exact ? mean : most / size, exact };
}

type Pull = (t: number, u: number) => number;

/** Every partition once: each task joins a group of those before it, or opens one. */
function everyWay(size: number, pull: Pull, tolerance: number): number[] {
  const labels = new Array<number>(size).fill(0);
  let best = { total: Number.NEGATIVE_INFINITY, labels: [...labels] };
  const place = (t: number, groups: number, total: number): void => {
    if (t === size) {
      if (total > best.total + tolerance) best = { total, labels: [...labels] };
      return;
    }
    for (let label = 0; label <= groups; label++) {
      let gain = 0;
      for (let u = 0; u < t; u++) if (labels[u] === label) gain += pull(t, u);
      labels[t] = label;
      place(t + 1, Math.max(groups, label + 1), total + gain);
    }
  };
  place(0, 0, 0);
  return best.labels;
}

/** Groups grow by merging the two that gain most, then tasks move one by one, for as long as that helps. */
function bySearch(size: number, pull: Pull, tolerance: number): number[] {
  const labels = Array.from({ length: size }, (_, t) => t);
  const between = (one: number, other: number): number => {
    let sum = 0;
    for (let t = 0; t < size; t++)
      if (labels[t] === one)
        for (let u = 0; u < size; u++) if (labels[u] === other && u !== t) sum += pull(t, u);
    return sum;
  };
  for (;;) {
    const known = [...new Set(labels)];
    let best = { gain: tolerance, one: -1, other: -1 };
    for (const [i, one] of known.entries())
      for (const other of known.slice(0, i)) {
        const gain = between(one, other);
        if (gain > best.gain) best = { gain, one, other };
      }
    if (best.one < 0) break;
    labels.forEach((label, t) => {
      if (label === best.one) labels[t] = best.other;
    });
  }
  for (let moved = true; moved; ) {
    moved = false;
    for (let t = 0; t < size; t++) {
      const to = new Map<number, number>([[size + t, 0]]);
      labels.forEach((label, u) => {
        if (u !== t) to.set(label, (to.get(label) ?? 0) + pull(t, u));
      });
      const stay = to.get(labels[t]!) ?? 0;
      const [label, gain] = [...to].reduce((a, b) => (b[1] > a[1] ? b : a));
      if (gain <= stay + tolerance) continue;
      labels[t] = label;
      moved = true;
    }
  }
  return labels;
}
