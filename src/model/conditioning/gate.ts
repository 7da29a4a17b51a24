import { number } from '../../common/options.ts';
import { mul, sigmoid } from '../../engine/index.ts';
import { type Conditioning, type PlacedOptions, places } from './conditioning.ts';

interface GateOptions extends PlacedOptions {
  /** The largest factor. */
  readonly scale: number;
}

/**
 * h ⊙ s σ(z W + b): a task opens and closes the units of a representation. W and b start at 0, where a scale of 2 lets
 * everything through as it is.
 *
 * P. Swietojanski, S. Renals: Learning hidden unit contributions for unsupervised speaker adaptation. SLT 2014.
 * J. Chang et al.: PEPNet: parameter and embedding personalized network. KDD 2023.
 */
export const gate: Conditioning<GateOptions> = {
  name: 'gate',
  title: 'Gates',
  about: 'h ⊙ s σ(z W + b): a task opens and closes units.',
  options: {
    at: places('hidden'),
    scale: number({ min: 0, default: 2, about: 'The largest factor; 1 only closes, 2 starts as no gate.' }),
  },
  parts: () => [{ name: 'weight', start: 'zeros', bias: true }],
  join: (h, [open], { scale }) => mul(h, mul(sigmoid(open!), scale)),
};
