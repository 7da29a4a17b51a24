import { flag } from '../../common/options.ts';
import { add, mul } from '../../engine/index.ts';
import { type Conditioning, type PlacedOptions, places } from './conditioning.ts';

interface FilmOptions extends PlacedOptions {
  /** Whether there is a β. */
  readonly shift: boolean;
}

/**
 * γ(z) ⊙ h + β(z), with γ = 1 + z W_γ and β = z W_β, which start at 1 and 0 and let h through as it is.
 *
 * E. Perez, F. Strub, H. de Vries, V. Dumoulin, A. Courville: FiLM: visual reasoning with a general conditioning layer.
 * AAAI 2018.
 */
export const film: Conditioning<FilmOptions> = {
  name: 'film',
  title: 'Feature-wise linear modulation',
  about: 'γ(z) ⊙ h + β(z): a task scales and shifts units.',
  options: {
    at: places('hidden'),
    shift: flag({ default: true, about: 'Whether units are shifted as well as scaled.' }),
  },
  parts: ({ shift }) => [
    { name: 'scale', start: 'zeros' },
    ...(shift ? [{ name: 'shift', start: 'zeros' } as const] : []),
  ],
  join: (h, [scale, shift]) => {
    const scaled = mul(h, add(scale!, 1));
    return shift === undefined ? scaled : add(scaled, shift);
  },
};
