import type { ModelSignature, ModelSpec } from '../model/index.ts';
import { keepTasks } from '../model/keep-tasks.ts';
import type { FittedTask } from '../problem/index.ts';
import { seedsOf } from './export.ts';
import type { Part } from './part.ts';

/** A model with its weights, as it is exported: alone, or beside others that divide the tasks with it. */
export interface ModelPart {
  readonly spec: ModelSpec;
  readonly signature: ModelSignature;
  /** Those that have heads, in their order. */
  readonly tasks: readonly FittedTask[];
  /** z of all tasks that it knows, [known tasks, Z], where z is data. */
  readonly descriptors?: Float32Array | undefined;
  /** [replicas, n] */
  readonly theta: Float32Array;
  readonly replicas: number;
  /** The tasks that it answers for. */
  readonly serves: readonly string[];
}

/** Some seeds of what was trained, by their positions. */
export function modelPart({ kept, serves }: Part, seeds: readonly number[]): ModelPart {
  const { spec, theta, trial } = kept;
  const { signature, dataset } = trial.prepared;
  return {
    spec,
    signature,
    tasks: dataset.tasks,
    descriptors: dataset.descriptors,
    theta: seedsOf(theta, trial.seeds.length, seeds),
    replicas: seeds.length,
    serves,
  };
}

/** The same part for some of its tasks, without what serves others alone. */
export function narrowPart(part: ModelPart, names: readonly string[]): ModelPart {
  const serves = part.serves.filter((name) => names.includes(name));
  const heads = part.signature.heads.filter(({ name }) => serves.includes(name));
  const { signature, theta } = keepTasks(part.spec, part.signature, part.theta, heads);
  const headed = signature.heads.map(({ name }) => name);
  return {
    ...part,
    signature,
    theta,
    serves,
    tasks: part.tasks.filter(({ name }) => headed.includes(name)),
    descriptors: signature.features.descriptors && part.descriptors,
  };
}

/** Names of all tasks whose weights a part holds, where these are more than it answers for. */
export function knownTo({ signature, serves }: ModelPart): readonly string[] | undefined {
  const known = (signature.known ?? signature.heads).map(({ name }) => name);
  return known.length === serves.length ? undefined : known;
}
