import { PolytaskError } from '../common/error.ts';
import { ParameterLayout } from '../engine/optimiser/parameters.ts';
import { isConditioned } from './conditioning/registry.ts';
import { chooseFlow } from './flow/registry.ts';
import type { HeadSpec } from './heads.ts';
import { inputLeaves } from './inputs.ts';
import { buildModel, type ModelSignature, type ModelSpec } from './model.ts';
import { type OwnedPart, type Owner, type Parameter, ParameterSet, partsOf } from './parameter.ts';
import { chooseSharing } from './sharing/registry.ts';

/** A model of some of the tasks of another, with its weights. */
export interface KeptTasks {
  readonly signature: ModelSignature;
  /** [replicas, n] */
  readonly theta: Float32Array;
}

/**
 * The same model for some of its tasks. What others own is left out, unless it also serves those that stay: a trunk in which
 * tasks meet is kept whole, and only towers and heads of the others go; where predictions flow from task to task, nothing goes
 * here, and what no output needs is left out when the graph is compiled.
 *
 * @param theta [replicas, n]
 * @param heads of the tasks that stay, in the order of the model
 */
export function keepTasks(
  spec: ModelSpec,
  signature: ModelSignature,
  theta: Float32Array,
  heads: readonly HeadSpec[],
): KeptTasks {
  if (heads.length === signature.heads.length || chooseFlow(spec.flow).flow.name !== 'none')
    return { signature, theta };
  // Where nothing is conditioned, nothing reads what is known of tasks.
  const { descriptors: _, ...features } = signature.features;
  const alone = { ...signature, heads, features };
  const apart = meet(spec) || !fits(spec, alone) ? undefined : copied(spec, signature, theta, alone);
  const { known = signature.heads } = signature;
  return apart ?? copied(spec, signature, theta, { ...signature, heads, known })!;
}

/** Whether a sharing takes tasks: one that ranks may need one of a certain kind. */
function fits(spec: ModelSpec, signature: ModelSignature): boolean {
  try {
    return parametersOf(spec, signature).length > 0;
  } catch (error) {
    if (error instanceof PolytaskError && error.code === 'sharing-invalid') return false;
    throw error;
  }
}

/** Whether the trunk tells tasks apart by what it has of all of them. */
function meet({ sharing, conditioning = 'none' }: ModelSpec): boolean {
  return chooseSharing(sharing).sharing.mixes === true || isConditioned(conditioning);
}

/** θ of the smaller model; nothing where what tasks share is not the same there as in the whole one. */
function copied(
  spec: ModelSpec,
  whole: ModelSignature,
  theta: Float32Array,
  signature: ModelSignature,
): KeptTasks | undefined {
  const [from, to] = [parametersOf(spec, whole), parametersOf(spec, signature)];
  const [source, target] = [new ParameterLayout(from), new ParameterLayout(to)];
  const owners = new Map(from.map(({ name, owner }) => [name, owner]));
  const replicas = theta.length / source.size;
  const kept = new Float32Array(replicas * target.size);
  const names = new Set(to.map(({ name }) => name));
  // A trunk of another number of blocks is another trunk; heads of a family go with its tasks.
  if (from.some(({ name, owner }) => isCommon(owner) && !names.has(name) && !name.startsWith('heads/')))
    return undefined;
  for (const { name, owner } of to) {
    if (!owners.has(name)) return undefined;
    const [there, here] = [source.slice(name), target.slice(name)];
    const parts = partsOf(owners.get(name)!, there.end - there.start);
    for (const part of partsOf(owner, here.end - here.start)) {
      const old = parts.find((own) => isSame(own, part));
      if (old === undefined) return undefined;
      for (let s = 0; s < replicas; s++)
        for (let i = 0; i < part.count; i++)
          kept[s * target.size + here.start + part.at(i)] = theta[s * source.size + there.start + old.at(i)]!;
    }
  }
  return { signature, theta: kept };
}

const isCommon = ({ kind }: Owner): boolean => kind === 'shared' || kind === 'expert';

const isSame = (a: OwnedPart, b: OwnedPart): boolean =>
  a.task === b.task && a.expert === b.expert && a.count === b.count;

/** The parameters of a model, in the order in which they are packed. */
export function parametersOf(spec: ModelSpec, signature: ModelSignature): Parameter[] {
  const set = new ParameterSet();
  const inputs = inputLeaves(signature.features, 'batch', signature.long);
  buildModel(spec, signature, set, inputs, signature.long ? 'rows' : 'wide', { training: false });
  return set.parameters;
}
