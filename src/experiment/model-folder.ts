import { join } from 'node:path';
import type { Column } from '../common/table.ts';
import type { DescriptorJSON } from '../data/descriptors/index.ts';
import type { Role } from '../data/index.ts';
import { type Architecture, isConditioned, type ModelSpec } from '../model/index.ts';
import type { TaskDescriptors } from './describe-tasks.ts';
import { exportDescribed, outputName, seedsOf } from './export.ts';
import { exportParts } from './export-parts.ts';
import { makeFolder, writeAtomic } from './files.ts';
import type { Judged } from './judge.ts';
import type { Part } from './part.ts';
import type { Prepared } from './prepare.ts';
import type { RunConfig } from './run-config.ts';
import { VERSION } from './version.ts';

/** What stands beside the weights: all that a predictor needs to know. */
export interface ModelSignatureFile {
  readonly format: 1;
  readonly polytask: string;
  readonly sharing: string;
  /** The model as plain data, from which its graph can be built again. */
  readonly model?: ModelSpec;
  /** Where several models divide the tasks among them: each as plain data, and whom it serves. */
  readonly parts?: readonly { readonly tasks: readonly string[]; readonly model: ModelSpec }[];
  /** What it is made of, for those who want to know. */
  readonly architecture?: Architecture;
  readonly seed: number;
  /** Where the model is the mean of several seeds: which. */
  readonly seeds?: readonly number[];
  /** Fingerprint of the table that it was trained on. */
  readonly data: string;
  /** In the order of the outputs; a long model lists all tasks and has the one output `prediction`. */
  readonly tasks: readonly {
    readonly fitted: Prepared['dataset']['tasks'][number];
    readonly output: string;
  }[];
  /** Long models: the column that names each row's task. */
  readonly by?: string;
  /** Long models: the graph takes rows of any task, with its z where there is one. */
  readonly anyTask?: boolean;
  /** Wide models: the outputs of `described.onnx`, one for tasks of one kind; rows carry z of any task. */
  readonly described?: readonly { readonly output: string; readonly tasks: readonly string[] }[];
  /** How the training rows were read: what counts as missing, and the like. */
  readonly read: RunConfig['read'];
  /** The type that each column had which is an input, a target or names the task. */
  readonly types: Readonly<Record<string, Column['type']>>;
}

/** z of the tasks, and how that of others is made: `descriptors.json`. */
export interface DescriptorsFile {
  readonly descriptor: DescriptorJSON;
  /** Columns of rows that describe their task. */
  readonly columns: readonly string[];
  readonly tasks: Readonly<Record<string, readonly number[]>>;
}

const READ_ROLES: readonly Role[] = ['input', 'target', 'task', 'exposure'];

/**
 * Writes one seed of what was learned, or the mean of several, as a model folder: `model.onnx`, `encoders.json`, `signature.json`; where z is made
 * of what is known of tasks, also `descriptors.json` and, for wide problems, `described.onnx`.
 */
export async function writeModel(
  folder: string,
  { prepared, seeds, parts, result }: Pick<Judged, 'prepared' | 'seeds' | 'parts' | 'result'>,
  chosen: readonly number[],
  config: RunConfig,
): Promise<void> {
  const [{ kept }] = parts as [Part];
  const at = chosen.map((seed) => seeds.indexOf(seed));
  const { program } = exportParts(parts, prepared, at);
  const alone = parts.length === 1;
  const described = alone
    ? exportDescribed(kept.spec, prepared, seedsOf(kept.theta, seeds.length, at), at.length)
    : undefined;
  const descriptors = alone && isConditioned(kept.spec.conditioning) ? prepared.descriptors : undefined;
  const long = config.by !== undefined;
  const signature: ModelSignatureFile = {
    format: 1,
    polytask: VERSION,
    sharing: result.sharing,
    ...(alone
      ? { model: kept.spec }
      : { parts: parts.map(({ serves, kept: { spec } }) => ({ tasks: serves, model: spec })) }),
    ...(result.architecture && { architecture: result.architecture }),
    seed: chosen[0]!,
    ...(chosen.length > 1 && { seeds: chosen }),
    data: prepared.fingerprint,
    tasks: prepared.dataset.tasks.map((fitted) => ({
      fitted,
      output: prepared.signature.long ? 'prediction' : outputName(fitted.name, prepared.signature),
    })),
    ...(config.by !== undefined && { by: config.by }),
    ...(long && !program.inputs.some(({ name }) => name === 'task') && { anyTask: true }),
    ...(described && { described: described.families }),
    read: config.read,
    types: Object.fromEntries(
      prepared.plans.flatMap(({ name, type, role }) =>
        READ_ROLES.includes(role) || descriptors?.columns.includes(name) ? [[name, type]] : [],
      ),
    ),
  };
  await makeFolder(folder);
  await writeAtomic(join(folder, 'model.onnx'), program.bytes);
  await writeAtomic(join(folder, 'encoders.json'), `${JSON.stringify(prepared.encoders.toJSON())}\n`);
  if (described) await writeAtomic(join(folder, 'described.onnx'), described.program.bytes);
  if (descriptors)
    await writeAtomic(
      join(folder, 'descriptors.json'),
      `${JSON.stringify(descriptorsFile(descriptors, prepared.dataset.tasks))}\n`,
    );
  // The signature comes last: a folder that has one is complete.
  await writeAtomic(join(folder, 'signature.json'), `${JSON.stringify(signature, null, 2)}\n`);
}

function descriptorsFile(
  { descriptor, columns, vectors }: TaskDescriptors,
  tasks: Prepared['dataset']['tasks'],
): DescriptorsFile {
  const { width } = descriptor;
  return {
    descriptor: descriptor.toJSON(),
    columns,
    tasks: Object.fromEntries(
      tasks.map(({ name }, t) => [name, Array.from(vectors.subarray(t * width, (t + 1) * width))]),
    ),
  };
}
