import fc from 'fast-check';
import { RandomStream } from '../../common/random.ts';
import { type Affinity, affinityFrom } from '../affinity.ts';
import type { GroupingOptions } from './problem.ts';

export const indices = (size: number): number[] => Array.from({ length: size }, (_, i) => i);

export const affinityOf = (values: readonly (readonly number[])[]): Affinity =>
  affinityFrom({ tasks: values.map((_, t) => `t${t}`), rows: 'target', values });

/** An affinity drawn from a seed: benefits of tasks `to` and `from` by a function of noise. */
export function drawn(
  size: number,
  seed: number,
  benefit: (noise: number, to: number, from: number) => number = (noise) => noise,
): Affinity {
  const random = new RandomStream(seed, 'affinity');
  return affinityOf(
    indices(size).map((to) =>
      indices(size).map((from) => benefit(random.normal(to * size + from), to, from)),
    ),
  );
}

/** Affinities of few tasks: noise, few values and so many ties, gains that depend on who gives, and clusters. */
export const smallAffinity = (most: number): fc.Arbitrary<Affinity> =>
  fc
    .record({
      size: fc.integer({ min: 2, max: most }),
      seed: fc.integer({ min: 0, max: 1e6 }),
      kind: fc.constantFrom('noise', 'ties', 'givers', 'clusters'),
      shift: fc.constantFrom(0, -3, 3),
    })
    .map(({ size, seed, kind, shift }) =>
      drawn(size, seed, (noise, _to, from) => {
        if (kind === 'ties') return Math.round(noise) + shift;
        if (kind === 'givers') return 2 * Math.sin(from + seed) + noise / 2 + shift;
        return noise + shift + (kind === 'clusters' && _to % 2 === from % 2 ? 1 : 0);
      }),
    );

export const someOptions: fc.Arbitrary<GroupingOptions> = fc.record({
  most: fc.integer({ min: 1, max: 3 }),
  overlap: fc.boolean(),
  alone: fc.constantFrom<number | 'never'>('never', 0, -1, 2, -1e6),
});

/** Of a task in a group, by its definition. */
export function scoreOf(affinity: Affinity, t: number, group: readonly number[], alone: number): number {
  const others = group.filter((u) => u !== t);
  if (others.length === 0) return alone;
  return others.reduce((sum, u) => sum + affinity.benefit(t, u)!, 0) / others.length;
}

/** The highest mean of all choices, each tried: what `chooseGroups` is to find. */
export function exhaustive(
  affinity: Affinity,
  { most, overlap = true, alone = 'never' }: GroupingOptions,
): number {
  const size = affinity.tasks.length;
  const lone = alone === 'never' ? -Infinity : alone;
  const all = indices(2 ** size)
    .slice(1)
    .map((bits) => {
      const group = indices(size).filter((t) => (bits >> t) & 1);
      const scores = indices(size).map((t) =>
        group.includes(t) ? scoreOf(affinity, t, group, lone) : -Infinity,
      );
      return { bits, scores };
    });
  let best = -Infinity;
  const choose = (from: number, left: number, taken: number, scores: readonly number[]): void => {
    const total = scores.reduce((sum, score) => sum + score, 0);
    if (total > best) best = total;
    if (left === 0) return;
    for (let i = from; i < all.length; i++) {
      const { bits, scores: own } = all[i]!;
      if (overlap || (bits & taken) === 0)
        choose(
          i + 1,
          left - 1,
          taken | bits,
          scores.map((score, t) => Math.max(score, own[t]!)),
        );
    }
  };
  choose(0, most, 0, new Array<number>(size).fill(-Infinity));
  return best / size;
}
