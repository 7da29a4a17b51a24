import { PolytaskError, suggest } from '../common/error.ts';
import { scope, unsqueeze } from '../engine/index.ts';
import { applyHeads, type Family, type HeadSpec, type Logits, orderByFamily } from './heads.ts';
import { type BatchInputs, type FeatureSignature, joinInputs } from './inputs.ts';
import { type MlpOptions, type Mode, mlp } from './layers.ts';
import type { ParameterSet } from './parameter.ts';
import { independent } from './sharing/independent.ts';
import { sharedBottom } from './sharing/shared-bottom.ts';
import type { BatchLayout, EncoderFactory, Sharing } from './sharing/sharing.ts';

/** Every way of sharing, by its name on the command line. */
export const SHARINGS: Readonly<Record<string, Sharing>> = {
  [independent.name]: independent,
  [sharedBottom.name]: sharedBottom,
};

export function sharingByName(name: string): Sharing {
  if (Object.hasOwn(SHARINGS, name)) return SHARINGS[name]!;
  throw new PolytaskError('sharing-unknown', {
    path: 'model.sharing',
    expected: Object.keys(SHARINGS).join(' | '),
    found: name,
    help: suggest(name, Object.keys(SHARINGS)),
  });
}

/** A model as plain data: with the parameters it declares, all that is needed to rebuild it. */
export interface ModelSpec {
  readonly sharing: string;
  readonly encoder: MlpOptions;
  readonly tower: MlpOptions;
  readonly embedding: number;
  readonly textEmbedding: number;
}

export interface ModelSignature {
  readonly features: FeatureSignature;
  /** In the order of the user; the model sorts them by family. */
  readonly heads: readonly HeadSpec[];
  readonly long: boolean;
}

export interface BuiltModel {
  /** Logits by family. */
  readonly logits: Logits;
  readonly families: readonly Family[];
}

/**
 * f_θ(y | x, z) as graph: encoder under a sharing, then heads.
 *
 * @param set collects the parameters; its lead is the replica axis
 * @param inputs features of a batch, [..., batch, ·]
 */
export function buildModel(
  spec: ModelSpec,
  signature: ModelSignature,
  set: ParameterSet,
  inputs: BatchInputs,
  layout: BatchLayout,
  mode: Mode,
): BuiltModel {
  const { heads, families } = orderByFamily(signature.heads);
  const encoder: EncoderFactory = (view, batch, _name, encoderMode) => {
    const joined = scope('inputs', () => joinInputs(view, batch, signature.features, spec));
    // Rows with parameters of their own are products of one row each.
    const ownRows = layout === 'rows' && spec.sharing === independent.name;
    return mlp(view, ownRows ? unsqueeze(joined, -2) : joined, 'mlp', spec.encoder, encoderMode);
  };
  const sharing = sharingByName(spec.sharing);
  const tasks = heads.map(({ name }) => name);
  const representation = scope('trunk', () =>
    sharing.represent({ set, tasks, layout, inputs, encoder, mode }),
  );
  const context = { set, families, tower: spec.tower, mode };
  return { logits: scope('heads', () => applyHeads(representation, context)), families };
}
