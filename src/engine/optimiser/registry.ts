import { PolytaskError, suggest } from '../../common/error.ts';
import { type AdagradOptions, adagrad } from './adagrad.ts';
import { type AdamOptions, adam } from './adam.ts';
import { type AdamWOptions, adamw } from './adamw.ts';
import type { Optimiser } from './optimiser.ts';
import { type RmspropOptions, rmsprop } from './rmsprop.ts';
import { type SgdOptions, sgd } from './sgd.ts';

interface OptionsOf {
  sgd: SgdOptions;
  adagrad: AdagradOptions;
  rmsprop: RmspropOptions;
  adam: AdamOptions;
  adamw: AdamWOptions;
}

export type OptimiserName = keyof OptionsOf;

/** Every optimiser by name; called without options, a factory gives PyTorch's defaults. */
export const optimisers: { readonly [N in OptimiserName]: (options?: OptionsOf[N]) => Optimiser } = {
  sgd,
  adagrad,
  rmsprop,
  adam,
  adamw,
};

/** An optimiser as plain data, such as `{ kind: 'adam', beta2: 0.99 }`. */
export type OptimiserSpec = { [N in OptimiserName]: { readonly kind: N } & OptionsOf[N] }[OptimiserName];

/**
 * The optimiser that a spec, or a bare name, describes.
 *
 * @throws `optimiser-invalid` for an unknown name, an unknown option or an option out of range
 * @example const optimiser = parseOptimiser({ kind: 'adamw', weightDecay: 0.05 });
 */
export function parseOptimiser(spec: OptimiserSpec | OptimiserName): Optimiser {
  const { kind, ...options } = typeof spec === 'string' ? { kind: spec } : spec;
  if (!Object.hasOwn(optimisers, kind))
    throw new PolytaskError('optimiser-invalid', {
      path: 'optimiser.kind',
      expected: 'the name of an optimiser',
      found: String(kind),
      help: suggest(String(kind), Object.keys(optimisers)),
    });
  return (optimisers[kind] as (options: object) => Optimiser)(options);
}
