import { choice, integer, number, wordOr } from '../../../common/options.ts';
import { constant, rank, reshape, softmax, squeeze, type Tensor, unsqueeze } from '../../../engine/index.ts';
import { expertBlock, NOBODYS, type Sketch } from '../../sketch.ts';
import { weigh } from '../../task-axis.ts';
import { expertView, pickTask, sharedView, taskView } from '../../view.ts';
import type { Sharing, SharingContext, SketchContext } from '../sharing.ts';
import { mix } from '../stitching/mix.ts';
import { requireLayers } from '../stitching/networks.ts';
import { type Annealing, choose } from './choice.ts';

interface BranchingOptions extends Annealing {
  readonly blocks: 'tasks' | number;
}

/**
 * Blocks in every layer, of which each picks its parent in the layer below, as tasks do in the last one; the picks are
 * learned with the weights. Training draws them, x̃ⱼ = Σᵢ dᵢⱼ yᵢ with d = softmax((α + Gumbel) / τ); a prediction goes
 * along the likeliest ones.
 *
 * P. Guo, C.-Y. Lee, D. Ulbricht: Learning to branch for multi-task learning. ICML 2020.
 */
export const branching: Sharing<BranchingOptions> = {
  name: 'branching',
  title: 'Learned branching',
  about:
    'Blocks in every layer, each of which learns its parent in the layer below: a tree that training finds.',
  options: {
    blocks: wordOr(['tasks'], integer({ default: 1, min: 1, about: '' }), {
      default: 'tasks',
      about: 'Blocks of every layer: a number, or as many as there are tasks.',
    }),
    temperature: number({
      default: 2,
      min: 0.01,
      about: 'τ₀ of τ = τ₀ / √(epoch + 1): high, and draws are mixtures; low, and they are one parent.',
    }),
    floor: number({ default: 0.1, min: 0.01, about: 'The lowest τ.' }),
    warmup: number({ default: 1, about: 'Epochs in which all parents are equally likely.' }),
    sample: choice(['soft', 'hard'], {
      default: 'soft',
      about:
        'Whether a step trains all parents by their drawn weights, or one (with a straight-through gradient).',
    }),
  },
  check: (_, context) => requireLayers(context),
  represent: (context, options) => {
    const { set, tasks, inputs, encoder, mode } = context;
    const names = blocksOf(options, context);
    const size = names.length;
    const view = expertView(set, 'trunk', names);
    const branches = sharedView(set, 'branches');
    let h = unsqueeze(encoder.inputs(sharedView(set, 'trunk'), inputs), -3);
    encoder.widths.forEach((_, l) => {
      if (l > 0) {
        const logits = (): Tensor => branches.parameter(`layer ${l}`, [size, size], ZEROS);
        h = mix(onBlocks(picks(context, options, `layer ${l}`, names, names, logits), h), h);
      }
      h = encoder.layer(l, view, h, mode);
    });
    const own = (): Tensor => taskView(set, 'branches', tasks).parameter('tasks', [size], ZEROS);
    return {
      value: leaves(context, picks(context, options, 'tasks', tasks, names, own), h),
      heads: 'leaning',
    };
  },
  sketch,
};

const blocksOf = ({ blocks }: BranchingOptions, { tasks }: Pick<SketchContext, 'tasks'>): string[] =>
  Array.from({ length: blocks === 'tasks' ? tasks.length : blocks }, (_, b) => `block ${b + 1}`);

const ZEROS = { initialiser: { kind: 'zeros' }, decays: false } as const;

/** Who picks which block, [...lead, children, blocks]; a single block is no choice, and needs no logits. */
function picks(
  { set, mode, record }: SharingContext,
  options: BranchingOptions,
  name: string,
  children: readonly string[],
  blocks: readonly string[],
  logits: () => Tensor,
): Tensor {
  const shape = [...set.lead, children.length, 1];
  if (blocks.length === 1)
    return constant(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1), { shape });
  const known = logits();
  record.matrix(`parents of ${name}`, softmax(known), children, blocks);
  return choose(known, `branches/${name}`, mode, options);
}

/** What tasks picked of the last layer, in each task's own form. */
function leaves({ set, axis, inputs }: SharingContext, picked: Tensor, h: Tensor): Tensor {
  if (axis.layout === 'rows') return weigh(h, pickTask(picked, inputs.task!, set.lead));
  if (rank(h) === rank(picked) + 1) return mix(onBlocks(picked, h), h);
  // Where blocks see each task's own z, every task picks from its own values of them.
  return squeeze(mix(unsqueeze(unsqueeze(picked, -2), -3), h), -3);
}

/** Picks [...lead, children, blocks] against h [...lead, (tasks,) blocks, batch, H]. */
function onBlocks(picked: Tensor, h: Tensor): Tensor {
  const ones = new Array<number>(rank(h) - rank(picked)).fill(1);
  return reshape(picked, [...picked.shape.slice(0, -2), ...ones, ...picked.shape.slice(-2)]);
}

function sketch({ tasks, widths }: SketchContext, options: BranchingOptions): Sketch {
  const names = blocksOf(options, { tasks });
  const block = (l: number, b: number): string => `block ${l} ${b}`;
  const pick = (l: number): string => (l === 0 ? 'inputs' : `pick ${l}`);
  const depth = widths.length;
  return {
    blocks: [
      { id: 'inputs', label: 'inputs', owner: NOBODYS, level: 0 },
      ...widths.flatMap((width, l) => [
        ...names.map((name, b) => ({
          id: block(l, b),
          label: name,
          detail: String(width),
          owner: expertBlock(name),
          level: 2 * l + 1,
        })),
        { id: pick(l + 1), label: 'pick a parent', detail: 'Gumbel', owner: NOBODYS, level: 2 * l + 2 },
      ]),
    ],
    links: widths.flatMap((_, l) =>
      names.flatMap((_name, b) => [
        { from: pick(l), to: block(l, b), kind: 'flow' as const },
        { from: block(l, b), to: pick(l + 1), kind: 'flow' as const },
      ]),
    ),
    outputs: Object.fromEntries(tasks.map((task) => [task, pick(depth)])),
  };
}
