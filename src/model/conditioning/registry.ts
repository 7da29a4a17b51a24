import { PolytaskError } from '../../common/error.ts';
import { chooseMethod, type SpecInput } from '../../common/options.ts';
import { add } from './add.ts';
import { concat } from './concat.ts';
import { anyOptions, type Conditioning, type PlacedOptions, places } from './conditioning.ts';
import { film } from './film.ts';
import { gate } from './gate.ts';

/** f_θ(y | x): nothing knows of z but what a sharing gives each task of its own. */
const none: Conditioning = {
  name: 'none',
  title: 'No conditioning',
  about: 'z does not enter; only own parameters tell tasks apart.',
  options: { at: places([]) },
  parts: () => [],
  join: (h) => h,
};

/** Every way in which z may enter, by its name. */
export const CONDITIONINGS: Readonly<Record<string, Conditioning>> = Object.fromEntries(
  [none, concat, add, anyOptions(gate), anyOptions(film)].map((conditioning) => [
    conditioning.name,
    conditioning,
  ]),
);

/** A conditioning with all of its options. */
export interface ChosenConditioning {
  readonly conditioning: Conditioning;
  readonly options: PlacedOptions;
}

const PATH = 'model.conditioning';

/**
 * Reads "film:at=input+0" or { name: 'film', at: ['input', 0] } and fills in the defaults.
 *
 * @throws `conditioning-invalid`
 */
export function chooseConditioning(input: SpecInput): ChosenConditioning {
  const { method, options } = chooseMethod<Conditioning, PlacedOptions>(CONDITIONINGS, input, {
    path: PATH,
    unknown: 'conditioning-invalid',
    invalid: 'conditioning-invalid',
  });
  return { conditioning: method, options };
}

/** Whether z enters at all. */
export function isConditioned(input: SpecInput | undefined): boolean {
  if (input === undefined) return false;
  return chooseConditioning(input).conditioning !== none;
}

/** @throws `conditioning-invalid` for a z that entered no layer: the sharing runs none of those that are named */
export function refuseUnused(used: boolean, input: SpecInput): void {
  if (used) return;
  const { at } = chooseConditioning(input).options;
  throw new PolytaskError('conditioning-invalid', {
    path: `${PATH}.at`,
    expected: 'a layer that the sharing has',
    found: at === 'hidden' ? 'no hidden layer' : at.join('+') || 'none',
    help: 'Experts count their layers from 0, above those of the bottom; at=input is always there.',
  });
}

/** @throws `conditioning-invalid` for a layer that the trunk does not have */
export function checkConditioning(input: SpecInput, layers: number): void {
  const { at } = chooseConditioning(input).options;
  const beyond = at === 'hidden' ? undefined : at.find((place) => place !== 'input' && place >= layers);
  if (beyond === undefined) return;
  throw new PolytaskError('conditioning-invalid', {
    path: `${PATH}.at`,
    expected: layers === 0 ? 'input, as the trunk has no layers' : `input, or layers 0 to ${layers - 1}`,
    found: String(beyond),
    help: 'Layers of the trunk are counted from 0.',
  });
}
