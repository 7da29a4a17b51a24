import { list } from '../phrases.ts';
import { type Advice, type CauseRule, decimal, strengthOf } from './cause.ts';
import { hurtTasks, type Measured, type MeetingGradients } from './measured.ts';

/** A pair whose gradients meet at a mean cosine above this pull apart too little to matter. */
const LEAST_COSINE = 0.1;
/** A layer whose lowest cosine is above this part of the lowest of all has an echo of it. */
const ECHO = 0.5;
/** Fewer looks tell nothing. */
const LEAST_LOOKS = 8;

/**
 * The mean cosine below which two tasks are in conflict, as a positive number: 0.1 or, with few looks, 1 / √looks. A single
 * cosine scatters by less than 1, so that a mean over so many looks is off by less than 1 / √looks; between two random
 * directions in d dimensions it scatters by 1 / √d, and what was seen in small networks is about 0.3.
 */
export function conflictThreshold(looks: number): number {
  return Math.max(LEAST_COSINE, 1 / Math.sqrt(looks));
}

/** Two tasks in a layer, or over all that is shared. */
interface Meeting {
  readonly layer: string | undefined;
  readonly pair: readonly [number, number];
  readonly cosine: number;
  /** How alike the two are in length, 2‖gₜ‖‖gᵤ‖ / (‖gₜ‖² + ‖gᵤ‖²): 1 equally long, towards 0 where one outweighs the other. */
  readonly similarity: number;
}

/**
 * Gradients of two tasks that point apart on what they share: a step for one undoes a step for the other.
 *
 *   cos(gₜ, gᵤ) = gₜ·gᵤ / (‖gₜ‖‖gᵤ‖), a mean over looks at the training, layer by layer,
 *
 * with a task that sharing hurt on one side; beside it the similarity of their lengths is told, as a conflict costs most the task
 * with the shorter gradient. Conflict alone is no harm, as related tasks show it too once what is left to
 * learn is noise; so it is a cause only where a task was hurt. It lies in the layers whose lowest cosine is at least half of the
 * lowest of all; the rest is its echo. What the last shared layer cannot give to all tasks also pulls at the layers below, so
 * that layers are split off from the top; where the last layer is at peace, those below it are too small for all.
 *
 * T. Yu et al.: Gradient surgery for multi-task learning. NeurIPS 2020.
 */
export const interference: CauseRule = {
  code: 'interference',
  title: 'Interference',
  statistic: 'mean cosine of two tasks’ gradients, layer by layer',
  rule: 'below −0.1, or −1/√looks where there are fewer than 100, with a task that sharing hurt',
  advice: 'split below the first layer in conflict; experts; gradient surgery',
  applies: ({ multi }) => (multi.observed?.looks ?? 0) >= LEAST_LOOKS && meetings(multi.observed!).length > 0,
  find: (measured) => {
    const observed = measured.multi.observed!;
    const threshold = conflictThreshold(observed.looks);
    const hurt = hurtTasks(measured);
    const apart = meetings(observed)
      .filter(({ pair, cosine }) => cosine < -threshold && pair.some((t) => hurt.includes(t)))
      .sort((a, b) => a.cosine - b.cosine);
    const [worst] = apart;
    if (worst === undefined) return undefined;
    const names = observed.layers.map(({ name }) => name);
    const layers = names.filter((name) =>
      apart.some(({ layer, cosine }) => layer === name && cosine <= ECHO * worst.cosine),
    );
    const tasks = measured.tasks.flatMap(({ name }, t) =>
      apart.some(({ pair }) => pair.includes(t)) ? [name] : [],
    );
    const [one, other] = worst.pair.map((t) => measured.tasks[t]!.name) as [string, string];
    const where =
      layers.length === 0
        ? ''
        : layers.length === names.length
          ? ' in every shared layer'
          : ` in ${list(layers)}`;
    return {
      code: 'interference',
      bearing: 'hurts',
      tasks,
      layers,
      statistic: {
        name: `cosine of ${one} and ${other}${worst.layer === undefined ? '' : ` in ${worst.layer}`}`,
        value: worst.cosine,
        threshold: -threshold,
      },
      strength: strengthOf(worst.cosine, threshold),
      sentence: `The gradients of ${list(tasks)} pull apart${where} (cosine ${decimal(worst.cosine)}, magnitude similarity ${decimal(worst.similarity)}).`,
      advice: advise(measured, layers, tasks),
    };
  },
};

/** All pairs of tasks, over everything shared and in each layer. */
function meetings({ whole, layers }: NonNullable<Measured['multi']['observed']>): Meeting[] {
  const of = ({ cosines, norms }: MeetingGradients, layer: string | undefined): Meeting[] =>
    cosines.flatMap((row, t) =>
      row.slice(0, t).flatMap((cosine, u) => {
        const [a, b] = [norms[t] ?? 0, norms[u] ?? 0];
        const similarity = a > 0 || b > 0 ? (2 * a * b) / (a * a + b * b) : 1;
        return cosine === null ? [] : [{ layer, pair: [u, t] as const, cosine, similarity }];
      }),
    );
  return [...of(whole, undefined), ...layers.flatMap((layer) => of(layer, layer.name))];
}

function advise({ settings }: Measured, layers: readonly string[], tasks: readonly string[]): Advice[] {
  const { sharing, hidden } = settings;
  const depths = layers.flatMap((layer) => depthOf(layer) ?? []);
  const [lowest, highest] = [Math.min(...depths), Math.max(...depths)];
  const hard = sharing === 'shared-bottom';
  const point = lowest > 0 ? lowest : hidden.length - 1;
  const splits = hard && hidden.length > 1 && highest === hidden.length - 1;
  return [
    ...(hard && layers.some(isHead)
      ? [
          {
            settings: [{ path: 'model.sharing', value: 'shared-bottom' }],
            sentence: 'Give each task its own output layer.',
          },
        ]
      : []),
    ...(splits
      ? [
          {
            settings: [{ path: 'model.sharing', value: `shared-bottom:split=${point}` }],
            sentence: `Move the split point down: share the ${point === 1 ? 'first layer' : `first ${point} layers`} alone.`,
          },
        ]
      : []),
    ...(sharing === 'mmoe'
      ? []
      : [
          {
            settings: [{ path: 'model.sharing', value: 'mmoe' }],
            sentence: 'Let each task choose among several experts.',
          },
        ]),
    {
      settings: [{ path: 'objective', value: settings.objective.includes('pcgrad') ? 'cagrad' : 'pcgrad' }],
      sentence: 'Take out of each task’s gradient what points against another’s.',
    },
    { settings: [], apart: tasks, sentence: `Train ${list(tasks)} apart.` },
  ];
}

/** Which layer of the trunk a name is: `trunk/mlp/1` is 1. */
function depthOf(layer: string): number | undefined {
  const [, depth] = /^trunk\/[^/]+\/(\d+)(?:\/|$)/.exec(layer) ?? [];
  return depth === undefined ? undefined : Number(depth);
}

const isHead = (layer: string): boolean => /^(heads|tower)/.test(layer);
