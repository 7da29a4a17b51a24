import { join } from 'node:path';
import type { Column } from '../common/table.ts';
import type { Role } from '../data/index.ts';
import { type Architecture, chooseSharing, type ModelSpec } from '../model/index.ts';
import { exportModel, outputName } from './export.ts';
import { makeFolder, writeAtomic } from './files.ts';
import type { Prepared } from './prepare.ts';
import type { RunConfig } from './run-config.ts';
import type { TrainedTrial } from './trial.ts';
import { VERSION } from './version.ts';

/** What stands beside the weights: all that a predictor needs to know. */
export interface ModelSignatureFile {
  readonly format: 1;
  readonly polytask: string;
  readonly sharing: string;
  /** The model as plain data, from which its graph can be built again. */
  readonly model?: ModelSpec;
  /** What it is made of, for those who want to know. */
  readonly architecture?: Architecture;
  readonly seed: number;
  /** Fingerprint of the table that it was trained on. */
  readonly data: string;
  /** In the order of the outputs; a long model lists all tasks and has the one output `prediction`. */
  readonly tasks: readonly {
    readonly fitted: Prepared['dataset']['tasks'][number];
    readonly output: string;
  }[];
  /** Long models: the column that names each row's task. */
  readonly by?: string;
  /** How the training rows were read: what counts as missing, and the like. */
  readonly read: RunConfig['read'];
  /** The type that each column had which is an input, a target or names the task. */
  readonly types: Readonly<Record<string, Column['type']>>;
}

const READ_ROLES: readonly Role[] = ['input', 'target', 'task', 'exposure'];

/** Writes one seed of a trained trial as a model folder: `model.onnx`, `encoders.json`, `signature.json`. */
export async function writeModel(
  folder: string,
  { trial, spec, theta, result }: TrainedTrial,
  seed: number,
  config: RunConfig,
): Promise<void> {
  const { prepared, seeds } = trial;
  const { program } = exportModel(spec, prepared, theta, seeds.length, seeds.indexOf(seed));
  const signature: ModelSignatureFile = {
    format: 1,
    polytask: VERSION,
    sharing: chooseSharing(spec.sharing).sharing.name,
    model: spec,
    ...(result.architecture && { architecture: result.architecture }),
    seed,
    data: prepared.fingerprint,
    tasks: prepared.dataset.tasks.map((fitted) => ({
      fitted,
      output: prepared.signature.long ? 'prediction' : outputName(fitted.name, prepared.signature),
    })),
    ...(config.by !== undefined && { by: config.by }),
    read: config.read,
    types: Object.fromEntries(
      prepared.plans.flatMap(({ name, type, role }) => (READ_ROLES.includes(role) ? [[name, type]] : [])),
    ),
  };
  await makeFolder(folder);
  await writeAtomic(join(folder, 'model.onnx'), program.bytes);
  await writeAtomic(join(folder, 'encoders.json'), `${JSON.stringify(prepared.encoders.toJSON())}\n`);
  // The signature comes last: a folder that has one is complete.
  await writeAtomic(join(folder, 'signature.json'), `${JSON.stringify(signature, null, 2)}\n`);
}
