import { list } from '../phrases.ts';
import { type Advice, type CauseRule, strengthOf } from './cause.ts';
import { hurtTasks, type Measured, type MeetingGradients } from './measured.ts';

/** A pair whose gradients meet at a mean cosine above this pull apart too little to matter. */
const LEAST_COSINE = 0.1;
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
}

/**
 * Gradients of two tasks that point apart on what they share: a step for one undoes a step for the other.
 *
 *   cos(gₜ, gᵤ) = gₜ·gᵤ / (‖gₜ‖‖gᵤ‖), a mean over looks at the training, layer by layer,
 *
 * with a task that sharing hurt on one side. Conflict alone is no harm, as related tasks show it too once what is left to
 * learn is noise; so it is a cause only where a task was hurt. Where it begins is where the network should split.
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
    const layers = names.filter((name) => apart.some(({ layer }) => layer === name));
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
      sentence: `The gradients of ${list(tasks)} pull apart${where} (cosine ${worst.cosine.toFixed(2)}).`,
      advice: advise(measured, layers, tasks),
    };
  },
};

/** All pairs of tasks, over everything shared and in each layer. */
function meetings({ whole, layers }: NonNullable<Measured['multi']['observed']>): Meeting[] {
  const of = ({ cosines }: MeetingGradients, layer: string | undefined): Meeting[] =>
    cosines.flatMap((row, t) =>
      row
        .slice(0, t)
        .flatMap((cosine, u) => (cosine === null ? [] : [{ layer, pair: [u, t] as const, cosine }])),
    );
  return [...of(whole, undefined), ...layers.flatMap((layer) => of(layer, layer.name))];
}

function advise({ settings }: Measured, layers: readonly string[], tasks: readonly string[]): Advice[] {
  const { sharing, hidden } = settings;
  const depths = layers.map(depthOf);
  const first = Math.min(...depths.filter((depth) => depth !== undefined));
  const hard = sharing === 'shared-bottom';
  const advice: Advice[] = [];
  if (hard && layers.length > 0 && depths.every((depth) => depth === undefined) && layers.every(isHead))
    advice.push({
      settings: [{ path: 'model.sharing', value: 'shared-bottom' }],
      sentence: 'Give each task its own output layer.',
    });
  else if (hard && first > 0 && first < hidden.length)
    advice.push({
      settings: [{ path: 'model.sharing', value: `shared-bottom:split=${first}` }],
      sentence: `Share the ${first === 1 ? 'first layer' : `first ${first} layers`} alone, where no gradients pull apart.`,
    });
  if (sharing !== 'mmoe')
    advice.push({
      settings: [{ path: 'model.sharing', value: 'mmoe' }],
      sentence: 'Let each task choose among several experts.',
    });
  advice.push({
    settings: [{ path: 'objective', value: settings.objective.includes('pcgrad') ? 'cagrad' : 'pcgrad' }],
    sentence: 'Take out of each task’s gradient what points against another’s.',
  });
  return [...advice, { settings: [], apart: tasks, sentence: `Train ${list(tasks)} apart.` }];
}

/** Which layer of the trunk a name is: `trunk/mlp/1` is 1. */
function depthOf(layer: string): number | undefined {
  const [, depth] = /^trunk\/[^/]+\/(\d+)(?:\/|$)/.exec(layer) ?? [];
  return depth === undefined ? undefined : Number(depth);
}

const isHead = (layer: string): boolean => /^(heads|tower)/.test(layer);
