import { integer } from '../../common/options.ts';
import {
  add,
  matmul,
  mul,
  rank,
  scope,
  squeeze,
  type Tensor,
  transpose,
  unsqueeze,
} from '../../engine/index.ts';
import type { Encoder, FeatureReader } from '../encoder.ts';
import { ACTIVATIONS, dropped, type MlpOptions, normed } from '../layers.ts';
import type { Initialiser } from '../parameter.ts';
import type { LayerView } from '../view.ts';
import { anyOptions, type EncoderFamily } from './family.ts';

interface EnsembleOptions {
  readonly members: number;
}

/**
 * Members that share the weights of a perceptron and scale what goes into and comes out of each layer by vectors of their
 * own: hₘ ← drop(a(((hₘ ⊙ rₘ) W) ⊙ sₘ + bₘ)). Members start apart by the signs of r in the first layer, and have towers and
 * output layers of their own. Each is trained by its own loss; the model predicts the mean of what they predict.
 *
 * Y. Wen, D. Tran, J. Ba: BatchEnsemble. ICLR 2020; Y. Gorishniy, A. Kotelnikov, A. Babenko: TabM: advancing tabular deep
 * learning with parameter-efficient ensembling. ICLR 2025.
 */
export const ensemble: EncoderFamily = anyOptions<EnsembleOptions>({
  name: 'ensemble',
  title: 'Parameter-efficient ensemble',
  about:
    'Perceptrons that share weights, each with scales of its own; trained one by one, averaged to predict.',
  options: { members: integer({ default: 16, min: 2, max: 256, about: 'How many perceptrons.' }) },
  members: ({ members }) => members,
  encoder: ensembleEncoder,
});

function ensembleEncoder(
  features: FeatureReader,
  shape: MlpOptions,
  options: EnsembleOptions,
  replicas: number,
): Encoder {
  const { members } = options;
  const { apply, gain } = ACTIVATIONS[shape.activation];
  const scaled = (view: LayerView, x: Tensor, name: string, start: Initialiser['kind']): Tensor =>
    mul(x, ofMembers(view, x, name, { kind: start } as Initialiser));
  /** A vector of each member, against a value [..., members, ..., batch, units]. */
  const ofMembers = (view: LayerView, x: Tensor, name: string, initialiser: Initialiser): Tensor => {
    const shape = [members, 1, x.shape.at(-1) as number];
    const all = view.parameter(name, shape, { initialiser, decays: false, rank: rank(x) + 1 });
    return inFront(all, replicas);
  };
  return {
    ...features,
    inputs: (view, batch) => {
      const x = features.inputs(view, batch);
      return scaled(view, view.rowwise ? unsqueeze(x, -2) : x, 'members', 'signs');
    },
    name: 'ensemble',
    hidden: shape.hidden,
    widths: shape.hidden,
    unitwise: false,
    linear: () => false,
    layer: (index, view, h, mode, name = 'ensemble') => {
      const [at, units] = [`${name}/${index}`, shape.hidden[index]!];
      return scope(at, () => {
        const x = index === 0 ? h : scaled(view, h, `${at}/in`, 'ones');
        const width = x.shape.at(-1) as number;
        const weight = view.parameter(`${at}/weight`, [width, units], {
          initialiser: { kind: 'uniform', fanIn: width, gain },
          rank: rank(x),
        });
        const product = scaled(view, matmul(x, weight), `${at}/out`, 'ones');
        const linear = add(product, ofMembers(view, product, `${at}/bias`, { kind: 'zeros' }));
        const active = apply(shape.norm === 'layer' ? normed(view, linear, at) : linear);
        return dropped(active, shape.dropout, mode, at);
      });
    },
    resized: (hidden) => ensembleEncoder(features, { ...shape, hidden }, options, replicas),
  };
}

/** [replicas…, 1, ..., members, 1, units] → [replicas…, members, ..., 1, units]. */
function inFront(x: Tensor, replicas: number): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  const [before, inner, last] = [axes.slice(0, replicas), axes.slice(replicas + 1, -3), axes.slice(-2)];
  const moved = transpose(x, [...before, axes.at(-3)!, ...inner, ...last, replicas]);
  return squeeze(moved, -1);
}
