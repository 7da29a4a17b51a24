import { integer, type Options } from '../../../common/options.ts';
import { runLayers } from '../../encoder.ts';
import { expertView, sharedView } from '../../view.ts';
import type { Representation, Sharing, SharingContext } from '../sharing.ts';
import { mix, numbered, runExperts } from './experts.ts';
import { commonGate, taskGates } from './gate.ts';
import { checkExperts, EXPERT_OPTIONS, type ExpertOptions, expertWidths } from './options.ts';
import { sketchMixture } from './sketch.ts';

interface MixtureOptions extends ExpertOptions {
  readonly experts: number;
}

const OPTIONS: Options<MixtureOptions> = {
  experts: integer({ min: 1, default: 8, about: 'How many experts tasks share.' }),
  ...EXPERT_OPTIONS,
};

/**
 * Experts that all tasks share, mixed by one gate for all: h = Σₑ g(x)ₑ fₑ(x), ŷᵢ = gᵢ(h; θⁱ).
 *
 * R. Jacobs, M. Jordan, S. Nowlan, G. Hinton: Adaptive mixtures of local experts. Neural Computation 3, 1991; as a
 * sharing of tasks in J. Ma et al.: Modeling task relationships in multi-task learning with multi-gate
 * mixture-of-experts. KDD 2018.
 */
export const omoe: Sharing<MixtureOptions> = mixture({
  name: 'omoe',
  title: 'One-gate mixture of experts',
  about: 'Experts that all tasks share, mixed by one gate for all tasks.',
  gates: 'one',
});

/**
 * Experts that all tasks share, mixed by a gate of each task: hᵢ = Σₑ softmax(x Wᵢ)ₑ fₑ(x).
 *
 * J. Ma, Z. Zhao, X. Yi, J. Chen, L. Hong, E. Chi: Modeling task relationships in multi-task learning with multi-gate
 * mixture-of-experts. KDD 2018.
 */
export const mmoe: Sharing<MixtureOptions> = mixture({
  name: 'mmoe',
  title: 'Multi-gate mixture of experts',
  about: 'Experts that all tasks share, mixed for each task by a gate of its own.',
  gates: 'each',
});

interface Mixture {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  /** One gate for all tasks, or one for each. */
  readonly gates: 'one' | 'each';
}

function mixture({ gates, ...texts }: Mixture): Sharing<MixtureOptions> {
  return {
    ...texts,
    options: OPTIONS,
    check: (options, { widths }) => checkExperts(options, widths, options.experts),
    represent: (context, options) => mixExperts(context, options, gates),
    sketch: (context, options) => sketchMixture(context, options, gates),
  };
}

function mixExperts(
  context: SharingContext,
  options: MixtureOptions,
  gates: Mixture['gates'],
): Representation {
  const { set, axis, inputs, encoder, mode } = context;
  const view = sharedView(set, 'trunk');
  const x = runLayers(encoder, view, encoder.inputs(view, inputs), mode, { to: options.bottom });
  const experts = numbered('expert', options.experts);
  const sized = encoder.resized(expertWidths(options, encoder.hidden, experts.length));
  const outputs = runExperts(sized, expertView(set, 'trunk', experts), x, mode, 'experts');
  const gate = { name: 'gate', title: 'gate', experts };
  const weights = (gates === 'one' ? commonGate : taskGates)(context, x, gate, options);
  return { value: mix(weights, outputs, axis.layout === 'rows'), heads: 'leaning' };
}
