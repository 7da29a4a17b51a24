import { PolytaskError } from '../common/error.ts';
import { ParameterLayout } from '../engine/optimiser/parameters.ts';
import { chooseFlow } from './flow/registry.ts';
import { orderByFamily } from './heads.ts';
import { inputLeaves } from './inputs.ts';
import { buildModel, type ModelSignature, type ModelSpec } from './model.ts';
import { type Parameter, ParameterSet, partsOf } from './parameter.ts';
import { independent } from './sharing/independent.ts';
import { chooseSharing } from './sharing/registry.ts';
import { sharedBottom } from './sharing/shared-bottom.ts';
import { DEVIATION } from './view.ts';

/** A model of independent networks with its weights. */
export interface Unshared {
  readonly spec: ModelSpec;
  /** [seeds, n] */
  readonly theta: Float32Array;
}

/**
 * Makes one model out of the states of a shared-bottom model in which each task was best: every task gets the whole
 * network of its own state, and predicts what it predicted there.
 *
 * @param states [seeds · tasks, n], a row for each task of each seed, in the order of the model's heads
 * @throws `training-invalid` for another sharing, and for towers over a common head (long problems)
 * @example const { spec, theta } = unshare(modelSpec, signature, trained.best.theta, seeds.length);
 */
export function unshare(
  spec: ModelSpec,
  signature: ModelSignature,
  states: Float32Array,
  seeds: number,
): Unshared {
  refuseOthers(spec, signature);
  const own: ModelSpec = { ...spec, sharing: independent.name };
  const from = parametersOf(spec, signature);
  const to = parametersOf(own, signature);
  const [source, target] = [from, to].map((parameters) => new ParameterLayout(parameters));
  const names = orderByFamily(signature.heads).heads.map(({ name }) => name);
  const theta = new Float32Array(seeds * target!.size);
  for (let s = 0; s < seeds; s++)
    names.forEach((task, t) => {
      const row = (s * names.length + t) * source!.size;
      const state = new State(from, source!, states.subarray(row, row + source!.size), task);
      const mine = theta.subarray(s * target!.size, (s + 1) * target!.size);
      for (const { name, owner } of to) {
        const { start, end } = target!.slice(name);
        const part = partsOf(owner, end - start).find((one) => one.task === task);
        if (part === undefined) continue;
        const values = state.of(name);
        for (let i = 0; i < part.count; i++) mine[start + part.at(i)] = values[i]!;
      }
    });
  return { spec: own, theta };
}

/** The parameters that a model declares. */
function parametersOf(spec: ModelSpec, signature: ModelSignature): Parameter[] {
  const set = new ParameterSet();
  const inputs = inputLeaves(signature.features, 'batch', signature.long);
  buildModel(spec, signature, set, inputs, signature.long ? 'rows' : 'wide', { training: false });
  return set.parameters;
}

/** One state of a shared-bottom model, seen by one task. */
class State {
  readonly #parameters: ReadonlyMap<string, Parameter>;
  readonly #layout: ParameterLayout;
  readonly #theta: Float32Array;
  readonly #task: string;

  constructor(parameters: readonly Parameter[], layout: ParameterLayout, theta: Float32Array, task: string) {
    this.#parameters = new Map(parameters.map((parameter) => [parameter.name, parameter]));
    this.#layout = layout;
    this.#theta = theta;
    this.#task = task;
  }

  /** What stands in the task's own network under a name. */
  of(name: string): Float32Array {
    if (this.#parameters.has(name)) return this.#part(name);
    // heads/<family>/weight and heads/<family>/bias
    const [prefix, which] = [name.slice(0, name.lastIndexOf('/')), name.slice(name.lastIndexOf('/') + 1)];
    if (this.#parameters.has(`heads/${which}`)) return this.#part(`heads/${which}`);
    const common = this.#part(`heads/common/${which}`);
    const [deviation, scale] = which === 'weight' ? ['deviation', DEVIATION] : ['offset', 1];
    const own = this.#part(`${prefix}/${deviation}`);
    return common.map((value, i) => value + scale * own[i]!);
  }

  /** All of a shared parameter, or the task's part of one. */
  #part(name: string): Float32Array {
    const { owner } = this.#parameters.get(name)!;
    const { start, end } = this.#layout.slice(name);
    const part = partsOf(owner, end - start).find(({ task }) => task === '' || task === this.#task)!;
    return Float32Array.from({ length: part.count }, (_, i) => this.#theta[start + part.at(i)]!);
  }
}

function refuseOthers({ sharing, flow, tower }: ModelSpec, { long }: ModelSignature): void {
  const { name } = chooseFlow(flow).flow;
  if (name !== 'none')
    throw new PolytaskError('training-invalid', {
      path: 'training.checkpoint',
      expected: 'tasks that do not feel each other after the trunk',
      found: `the flow ${name}`,
      help: 'Use the checkpoint "mean", which keeps one state for all tasks.',
    });
  const deep = long && tower.hidden.length > 0;
  const { sharing: chosen, options } = chooseSharing(sharing);
  const { split, heads } = options as { split?: unknown; heads?: unknown };
  const plain = chosen.name === sharedBottom.name && split === 'all' && heads === 'own';
  if (plain && !deep) return;
  throw new PolytaskError('training-invalid', {
    path: 'training.checkpoint',
    expected: `${sharedBottom.name} with a trunk that is shared whole${deep ? ' without towers, where tasks share a label column' : ''}`,
    found: deep ? `towers of ${tower.hidden.join(', ')}` : chosen.name,
    help: 'Use the checkpoint "mean", which keeps one state for all tasks.',
  });
}
