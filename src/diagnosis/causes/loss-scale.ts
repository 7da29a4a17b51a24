import { list } from '../phrases.ts';
import { type CauseRule, strengthOf } from './cause.ts';
import { hurtTasks, type Measured, positions } from './measured.ts';

/** The part of an even share of a step below which a task falls behind. */
const LEAST_SHARE = 1 / 3;

/**
 * Losses of unlike size: the gradients of some tasks are so long that another hardly moves what they share,
 *
 *   share_t = √T ‖wₜgₜ‖ / √(Σᵤ ‖wᵤgᵤ‖²),
 *
 * 1 where all are equally long, with the mean norms of the gradients and the mean weights of the losses; where no gradients
 * were watched, the losses at the start in their place. An optimiser such as Adam moves by the direction alone, so that of T
 * gradients that have nothing to do with each other, share_t / √T is the pace of a task beside its pace alone: below a
 * third of an even share a task needs three times the steps that the others need, and early stopping does not wait for it.
 * It is a cause where sharing hurt such a task.
 *
 * T. Yu et al.: Gradient surgery for multi-task learning. NeurIPS 2020 (magnitude similarity).
 */
export const lossScale: CauseRule = {
  code: 'loss-scale',
  title: 'Losses of unlike size',
  statistic: 'a task’s part of a step, √T‖wg‖ / √Σ‖wg‖², 1 where all are even',
  rule: 'below 1/3 for a task that sharing hurt',
  advice: 'weights that even losses out',
  applies: (measured) => sharesOfStep(measured) !== undefined,
  find: (measured) => {
    const shares = sharesOfStep(measured)!;
    const hurt = hurtTasks(measured);
    const behind = positions(shares, (share, t) => share < LEAST_SHARE && hurt.includes(t));
    if (behind.length === 0) return undefined;
    const least = behind.reduce((a, b) => (shares[b]! < shares[a]! ? b : a));
    const longest = shares.indexOf(Math.max(...shares));
    const name = (t: number): string => measured.tasks[t]!.name;
    const factor = shares[longest]! / shares[least]!;
    const uncertain = measured.settings.objective.includes('uncertainty');
    return {
      code: 'loss-scale',
      bearing: 'hurts',
      tasks: behind.map(name),
      statistic: { name: `share of a step of ${name(least)}`, value: shares[least]!, threshold: LEAST_SHARE },
      strength: strengthOf(LEAST_SHARE, shares[least]!),
      sentence: `${name(longest)} drowns ${list(behind.map(name))}: its gradients are ${factor.toFixed(1)} times as long.`,
      advice: [
        {
          settings: [{ path: 'objective', value: uncertain ? 'imtl-g' : 'uncertainty' }],
          sentence: uncertain
            ? 'Give every task’s gradient the same part of a step.'
            : 'Let weights of the losses be learned, which evens out their sizes.',
        },
      ],
    };
  },
};

/** [task]; undefined where nothing tells. */
function sharesOfStep({ multi, tasks }: Measured): number[] | undefined {
  const [first] = multi.curve;
  const norms = multi.observed?.whole.norms ?? first?.losses[0];
  if (norms === undefined || norms.length !== tasks.length) return undefined;
  const weighed = norms.map((norm, t) => (norm ?? 0) * meanWeight(multi.curve, t));
  const all = Math.hypot(...weighed);
  if (!(all > 0) || !Number.isFinite(all)) return undefined;
  // A task that never had a gradient is told by no share.
  return weighed.map((norm, t) => (norms[t] === null ? 1 : (Math.sqrt(tasks.length) * norm) / all));
}

/** The mean weight of a task's loss over the training of the first seed; 1 where losses are not weighed. */
function meanWeight(curve: Measured['multi']['curve'], t: number): number {
  const weights = curve.map(({ weights }) => weights?.[0]?.[t] ?? 1);
  return weights.reduce((a, b) => a + b, 0) / Math.max(1, weights.length);
}
