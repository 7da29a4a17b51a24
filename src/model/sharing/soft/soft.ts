import { PolytaskError } from '../../../common/error.ts';
import { choice, number, wordOr } from '../../../common/options.ts';
import { mul } from '../../../engine/index.ts';
import { SHARED_BLOCK, type Sketch } from '../../sketch.ts';
import { independent, sketchSeparate } from '../independent.ts';
import type { Sharing, SharingContext } from '../sharing.ts';
import { type Compose, composedNetworks, type Embeddings } from './composed.ts';
import { asMatrices, deviating, fromMean, stepScale } from './deviation.ts';
import { FORMS, type Form, type FormName } from './forms.ts';

interface SoftOptions {
  readonly form: FormName;
  readonly strength: 'auto' | number;
  readonly about: 'mean' | 'zero';
  readonly embeddings: Embeddings;
}

/**
 * A network for each task and a penalty that holds them together: min Σₜ Lₜ(θₜ) + λ Σ_W P(W₁ … W_T), summed over the
 * weights W of a network. θₜ = θ₀ + s vₜ, where v starts at zero: networks that start apart have no common mean, since
 * their hidden units stand in different orders.
 */
export const soft: Sharing<SoftOptions> = {
  name: 'soft',
  title: 'Soft sharing',
  about: 'A network for each task, and a penalty on how far they are apart.',
  options: {
    form: choice(Object.keys(FORMS) as FormName[], {
      default: 'mean',
      about: 'What the penalty takes: distance to the mean or of pairs, or a norm of the stacked weights.',
    }),
    strength: wordOr(['auto'], number({ default: 0, about: '' }), {
      default: 'auto',
      about: 'λ: 0 is independent networks, a large one is one network for all; auto goes by the form.',
    }),
    about: choice(['mean', 'zero'], {
      default: 'mean',
      about: 'Whether the penalty takes deviations from the mean over tasks, or the weights themselves.',
    }),
    embeddings: choice(['shared', 'own'], {
      default: 'shared',
      about: 'Whose the embedding tables are; own tables are free of the penalty.',
    }),
  },
  blocks: true,
  check: ({ form, about }) => {
    if (about === 'zero' && (form === 'mean' || form === 'pairs'))
      throw new PolytaskError('sharing-invalid', {
        path: 'model.sharing.about',
        expected: `mean with form=${form}`,
        found: about,
        help: 'A norm about zero holds no tasks together here: use weight decay, or form=trace.',
      });
  },
  represent: (context, options) =>
    options.strength === 0
      ? independent.represent(context, {})
      : composedNetworks(context, (own) => heldTogether(own, options), options.embeddings),
  sketch: (context, { form, strength }) =>
    strength === 0 ? sketchSeparate(context) : sketchPulled(sketchSeparate(context), FORMS[form].title),
};

/** θ₀ + s vₜ under the penalty of a form. */
function heldTogether(context: SharingContext, { form, strength: wanted, about }: SoftOptions): Compose {
  const { set, tasks, penalise, record } = context;
  const strength = wanted === 'auto' ? FORMS[form].usual(tasks.length) : wanted;
  const lead = set.lead.length;
  let matrices = 0;
  return (name, shape, options) => {
    const isWeight = options.decays ?? true;
    const held: Form = isWeight ? FORMS[form] : (FORMS[form].biases ?? FORMS[form]);
    const whole = isWeight && about === 'zero';
    const scale = whole ? 1 : stepScale(held.curvature(strength, tasks.length));
    const { stack, own } = deviating(context, name, shape, options, scale);
    const subject = whole ? asMatrices(stack, lead) : fromMean(own, lead);
    const penalty = held.penalty(subject, (covariance) =>
      record.matrix(`task covariance ${matrices++}`, covariance, tasks, tasks),
    );
    penalise(mul(penalty, strength));
    return stack;
  };
}

/** Separate trunks, and what they are pulled to. */
function sketchPulled(separate: Sketch, title: string): Sketch {
  const trunks = new Set(Object.values(separate.outputs));
  return {
    ...separate,
    blocks: [
      ...separate.blocks,
      { id: 'common', label: 'pulled to', detail: title, owner: SHARED_BLOCK, level: 1 },
    ],
    links: [
      ...separate.links,
      ...[...trunks].map((trunk) => ({ from: trunk, to: 'common', kind: 'pull' as const })),
    ],
  };
}
