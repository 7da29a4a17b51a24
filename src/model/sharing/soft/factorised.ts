import { choice, integer, number, wordOr } from '../../../common/options.ts';
import { mul } from '../../../engine/index.ts';
import { SHARED_BLOCK, type Sketch } from '../../sketch.ts';
import { sketchSeparate } from '../independent.ts';
import type { Sharing, SharingContext, SketchContext } from '../sharing.ts';
import { type Compose, composedNetworks, type Embeddings } from './composed.ts';
import { deviating, fromMean, stepScale } from './deviation.ts';
import { FORMS } from './forms.ts';
import { type FactorForm, mixture } from './mixture.ts';

interface FactorisedOptions {
  readonly form: FactorForm;
  readonly rank: 'auto' | number;
  readonly strength: number;
  readonly embeddings: Embeddings;
}

/**
 * Each task's weights are a mixture of common ones, by factors of its own: the stack of a layer's weights is a tensor
 * [in, out, T] of low rank, Wₜ = A (Σₖ sₜₖ Gₖ) Bᵀ, with A = B = I (`laf`), B = I (`tt`), or both learned (`tucker`).
 *
 * Y. Yang, T. M. Hospedales: Deep multi-task representation learning: a tensor factorisation approach. ICLR 2017.
 */
export const factorised: Sharing<FactorisedOptions> = {
  name: 'factorised',
  title: 'Tensor factorisation',
  about: 'Weights of a task are a mixture of common ones, by factors of its own.',
  options: {
    form: choice(['laf', 'tucker', 'tt'], {
      default: 'laf',
      about: 'What is factored beside tasks: nothing (laf), inputs and units (tucker), or inputs (tt).',
    }),
    rank: wordOr(['auto'], integer({ default: 1, min: 1, about: '' }), {
      default: 'auto',
      about: 'The largest rank of an axis: of tasks, how many common weights there are.',
    }),
    strength: number({
      default: 0,
      about: 'λ, which pulls the factors of tasks to their mean: a large one is one network for all.',
    }),
    embeddings: choice(['shared', 'own'], {
      default: 'shared',
      about: 'Whose the embedding tables are.',
    }),
  },
  blocks: true,
  represent: (context, options) =>
    composedNetworks(context, (own) => mixtures(own, options), options.embeddings),
  sketch: sketchMixtures,
};

/** Mixtures for weights; biases and norms, which have nothing to factor, as θ₀ + s vₜ. */
function mixtures(context: SharingContext, { form, rank, strength }: FactorisedOptions): Compose {
  const lead = context.set.lead.length;
  const scale = stepScale(strength);
  return (name, shape, options) => {
    const [rows, units] = shape as [number, number];
    const { stack, own } =
      shape.length === 2 && rows > 1
        ? mixture(context, name, [rows, units], options, { form, rank, scale })
        : deviating(context, name, shape, options, scale);
    if (strength > 0) context.penalise(mul(FORMS.mean.penalty(fromMean(own, lead)), strength));
    return stack;
  };
}

/** A trunk for each task, mixed from common weights. */
function sketchMixtures(context: SketchContext): Sketch {
  const separate = sketchSeparate(context);
  const trunks = [...new Set(Object.values(separate.outputs))];
  return {
    ...separate,
    blocks: [...separate.blocks, { id: 'cores', label: 'common weights', owner: SHARED_BLOCK, level: 0 }],
    links: [
      ...separate.links,
      ...trunks.map((trunk) => ({ from: 'cores', to: trunk, kind: 'gate' as const })),
    ],
  };
}
