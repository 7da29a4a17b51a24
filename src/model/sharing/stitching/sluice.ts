import { PolytaskError } from '../../../common/error.ts';
import { choice, integer, number } from '../../../common/options.ts';
import { add, matmul, mul, reshape, slice, type Tensor, unsqueeze } from '../../../engine/index.ts';
import type { Encoder } from '../../encoder.ts';
import type { ParameterSet } from '../../parameter.ts';
import { formatWidths, NOBODYS, type Sketch, taskBlock } from '../../sketch.ts';
import type { LayerView } from '../../view.ts';
import type { Sharing, SketchContext } from '../sharing.ts';
import { mix } from './mix.ts';
import {
  type EmbeddingOwnership,
  leaningMatrix,
  requireLayers,
  sketchStitched,
  taskNetworks,
} from './networks.ts';
import { overlapOfSubspaces, watchWeights } from './subspaces.ts';

interface SluiceOptions {
  readonly keep: number;
  readonly last: number;
  readonly subspaces: number;
  readonly orthogonality: number;
  readonly embeddings: EmbeddingOwnership;
}

/**
 * Task networks that are mixed by subspaces, and by layers: after every layer the subspaces g of all tasks mix,
 * x̃ᵢ = Σⱼ αᵢⱼ xⱼ with i, j over (task, g), and a task's representation is Σₗ βₗ h̃ₗ over its layers. The weights of two
 * subspaces of a layer are kept apart by λ Σ ‖G₁ᵀG₂‖²_F.
 *
 * S. Ruder, J. Bingel, I. Augenstein, A. Søgaard: Latent multi-task architecture learning. AAAI 2019.
 */
export const sluice: Sharing<SluiceOptions> = {
  name: 'sluice',
  title: 'Sluice networks',
  about:
    'Cross-stitch networks by subspaces of every layer, with learned skips from all layers to the output.',
  options: {
    keep: number({
      default: 0.9,
      max: 1,
      about: 'How much of itself a subspace keeps at first; those of all tasks share the rest.',
    }),
    last: number({
      default: 0.9,
      max: 1,
      about: 'How much of the last layer is in a representation at first; the other layers share the rest.',
    }),
    subspaces: integer({ default: 2, min: 1, about: 'Parts of every layer that mix on their own.' }),
    orthogonality: number({
      default: 0.01,
      about: 'Strength of the penalty on overlapping subspaces; 0 for none.',
    }),
    embeddings: choice(['shared', 'own'], {
      default: 'shared',
      about: 'Whose the tables of embeddings are, which stand before the first layer.',
    }),
  },
  mixes: true,
  rowwise: true,
  check: ({ subspaces }, context) => {
    requireLayers(context);
    requireUnits(subspaces, context.widths);
  },
  represent: (context, { keep, last, subspaces, orthogonality, embeddings }) => {
    const { set, tasks, axis, encoder, mode, record, penalise } = context;
    const { view, x } = taskNetworks(context, embeddings);
    const names =
      subspaces === 1 ? tasks : tasks.flatMap((task) => parts(subspaces).map((g) => `${task} ${g}`));
    const outputs: Tensor[] = [];
    const weights: Tensor[] = [];
    encoder.widths.forEach((width, l) => {
      const watched = watchWeights(view, width, weights);
      const alpha = stitches(set, tasks, l, subspaces, keep);
      record.matrix(`stitch ${l}`, alpha, names, names);
      const h = encoder.layer(l, watched, outputs.at(-1) ?? x, mode);
      outputs.push(mix(unsqueeze(alpha, -3), h, subspaces));
    });
    if (subspaces > 1 && orthogonality > 0)
      for (const weight of weights) penalise(mul(overlapOfSubspaces(weight, subspaces), orthogonality));
    const beta = skips(set, tasks, encoder.widths.length, last);
    record.matrix(
      'layers',
      beta,
      tasks,
      parts(encoder.widths.length).map((l) => `layer ${l}`),
    );
    return { value: axis.pick(mixLayers(beta, outputs, encoder, view)), heads: 'leaning' };
  },
  sketch,
};

const parts = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

/** [...lead, tasks · subspaces, tasks · subspaces]; the rows of a task's subspaces belong to the task. */
function stitches(
  set: ParameterSet,
  tasks: readonly string[],
  layer: number,
  subspaces: number,
  keep: number,
): Tensor {
  const size = tasks.length * subspaces;
  const leaf = set.declare({
    name: `stitch/${layer}`,
    shape: [tasks.length, subspaces, size],
    initialiser: { kind: 'values', values: leaningMatrix(size, keep) },
    owner: { kind: 'task', tasks },
    decays: false,
  });
  return reshape(leaf, [...set.lead, size, size]);
}

/** β of every task, [...lead, tasks, layers]. */
function skips(set: ParameterSet, tasks: readonly string[], layers: number, last: number): Tensor {
  const row = leaningMatrix(layers, last).slice(-layers);
  return set.declare({
    name: 'skip',
    shape: [tasks.length, layers],
    initialiser: { kind: 'values', values: tasks.flatMap(() => row) },
    owner: { kind: 'task', tasks },
    decays: false,
  });
}

/** Σₗ βₗ hₗ, where a layer that is not as wide as the last one first passes a matrix of its task. */
function mixLayers(beta: Tensor, outputs: readonly Tensor[], { widths }: Encoder, view: LayerView): Tensor {
  const units = widths.at(-1)!;
  const terms = outputs.map((h, l) => {
    const fanIn = widths[l]!;
    const fitted =
      fanIn === units
        ? h
        : matmul(
            h,
            view.parameter(`skip/${l}/weight`, [fanIn, units], {
              initialiser: { kind: 'uniform', fanIn, gain: 1 },
            }),
          );
    return mul(fitted, unsqueeze(slice(beta, -1, l, l + 1), -1));
  });
  return terms.reduce((a, b) => add(a, b));
}

function requireUnits(subspaces: number, widths: readonly number[]): void {
  const narrowest = Math.min(...widths);
  if (subspaces <= narrowest) return;
  throw new PolytaskError('sharing-invalid', {
    path: 'model.sharing.subspaces',
    expected: `at most the ${narrowest} units of the narrowest layer`,
    found: String(subspaces),
    help: 'A part of a layer has one unit at least.',
  });
}

function sketch({ tasks, widths }: SketchContext): Sketch {
  const stitched = sketchStitched({ tasks, widths });
  const skip = (t: number): string => `skip of ${t}`;
  return {
    blocks: [
      ...stitched.blocks.map((block) =>
        block.owner === NOBODYS && block.level > 0 ? { ...block, detail: 'α by subspaces' } : block,
      ),
      ...tasks.map((task, t) => ({
        id: skip(t),
        label: 'layers mixed',
        detail: `β over ${formatWidths(widths)}`,
        owner: taskBlock(task),
        level: 2 * widths.length + 1,
      })),
    ],
    links: [
      ...stitched.links,
      ...tasks.flatMap((_, t) =>
        widths.map((_width, l) => ({ from: `stitch ${l}`, to: skip(t), kind: 'flow' as const })),
      ),
    ],
    outputs: Object.fromEntries(tasks.map((task, t) => [task, skip(t)])),
  };
}
