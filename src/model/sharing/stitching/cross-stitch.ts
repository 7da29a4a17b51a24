import { choice, number } from '../../../common/options.ts';
import { reduceMean, type Tensor, transpose, unsqueeze } from '../../../engine/index.ts';
import type { ParameterSet } from '../../parameter.ts';
import type { Sharing } from '../sharing.ts';
import { mix } from './mix.ts';
import {
  type EmbeddingOwnership,
  leaningMatrix,
  requireLayers,
  sketchStitched,
  taskNetworks,
} from './networks.ts';

interface CrossStitchOptions {
  readonly keep: number;
  readonly units: 'layer' | 'channel';
  readonly embeddings: EmbeddingOwnership;
}

/**
 * A network for each task, whose layers' outputs are mixed by a learned matrix: x̃ᵢ = Σⱼ αᵢⱼ xⱼ after every layer.
 *
 * I. Misra, A. Shrivastava, A. Gupta, M. Hebert: Cross-stitch networks for multi-task learning. CVPR 2016.
 */
export const crossStitch: Sharing<CrossStitchOptions> = {
  name: 'cross-stitch',
  title: 'Cross-stitch networks',
  about: 'A network for each task; after every layer a learned matrix mixes what they computed.',
  options: {
    keep: number({
      default: 0.9,
      max: 1,
      about:
        'How much of itself a task keeps at first; the others share the rest. 1 starts with nothing shared.',
    }),
    units: choice(['layer', 'channel'], {
      default: 'layer',
      about: 'One matrix for a layer, or one for each of its units.',
    }),
    embeddings: choice(['shared', 'own'], {
      default: 'shared',
      about: 'Whose the tables of embeddings are, which stand before the first layer.',
    }),
  },
  mixes: true,
  rowwise: true,
  check: (_, context) => requireLayers(context),
  represent: (context, { keep, units, embeddings }) => {
    const { set, tasks, axis, encoder, mode, record } = context;
    const { view, x } = taskNetworks(context, embeddings);
    const value = encoder.widths.reduce((h, width, l) => {
      const alpha = stitches(set, tasks, `stitch/${l}`, keep, units === 'channel' ? width : 1);
      record.matrix(`stitch ${l}`, reduceMean(alpha, -3), tasks, tasks);
      return mix(alpha, encoder.layer(l, view, h, mode));
    }, x);
    return { value: axis.pick(value), heads: 'leaning' };
  },
  sketch: sketchStitched,
};

/** Row i of every matrix belongs to task i: [...lead, units, tasks, tasks]. */
function stitches(
  set: ParameterSet,
  tasks: readonly string[],
  name: string,
  keep: number,
  units: number,
): Tensor {
  const rows = leaningMatrix(tasks.length, keep);
  const leaf = set.declare({
    name,
    shape: units === 1 ? [tasks.length, tasks.length] : [tasks.length, tasks.length, units],
    initialiser: { kind: 'values', values: rows.flatMap((value) => new Array<number>(units).fill(value)) },
    owner: { kind: 'task', tasks },
    decays: false,
  });
  if (units === 1) return unsqueeze(leaf, -3);
  const [i, j, unit] = [0, 1, 2].map((axis) => set.lead.length + axis) as [number, number, number];
  return transpose(leaf, [...set.lead.map((_, axis) => axis), unit, i, j]);
}
