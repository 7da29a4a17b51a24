import { ParameterLayout } from '../engine/optimiser/parameters.ts';
import type { HeadSpec } from './heads.ts';
import { inputLeaves } from './inputs.ts';
import { buildModel, type ModelSignature, type ModelSpec } from './model.ts';
import { type Parameter, ParameterSet, partsOf } from './parameter.ts';

/**
 * θ of the same model for some of its tasks, where these have nothing to do with the others: what others own is left out.
 *
 * @param theta [replicas, n] of a model whose tasks are separate
 * @param heads of the tasks that stay, in the order of the model
 */
export function keepTasks(
  spec: ModelSpec,
  signature: ModelSignature,
  theta: Float32Array,
  heads: readonly HeadSpec[],
): { readonly signature: ModelSignature; readonly theta: Float32Array } {
  const smaller = { ...signature, heads };
  const [from, to] = [parametersOf(spec, signature), parametersOf(spec, smaller)];
  const [source, target] = [new ParameterLayout(from), new ParameterLayout(to)];
  const replicas = theta.length / source.size;
  const kept = new Float32Array(replicas * target.size);
  for (const { name, owner } of to) {
    const [there, here] = [source.slice(name), target.slice(name)];
    const parts = partsOf(from.find((own) => own.name === name)!.owner, there.end - there.start);
    for (const { task, count, at } of partsOf(owner, here.end - here.start)) {
      const old = parts.find((own) => own.task === task)!;
      for (let s = 0; s < replicas; s++)
        for (let i = 0; i < count; i++)
          kept[s * target.size + here.start + at(i)] = theta[s * source.size + there.start + old.at(i)]!;
    }
  }
  return { signature: smaller, theta: kept };
}

function parametersOf(spec: ModelSpec, signature: ModelSignature): Parameter[] {
  const set = new ParameterSet();
  const inputs = inputLeaves(signature.features, 'batch', signature.long);
  buildModel(spec, signature, set, inputs, signature.long ? 'rows' : 'wide', { training: false });
  return set.parameters;
}
