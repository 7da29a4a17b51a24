import { join } from 'node:path';
import {
  type DescriptorsFile,
  FORMAT,
  GRAPH,
  type GraphPorts,
  MANIFEST,
  type ModelCard,
  manifestOf,
  type Signature,
} from '../artefact/index.ts';
import type { Role } from '../data/index.ts';
import type { Program } from '../engine/index.ts';
import { isConditioned, unreadColumns } from '../model/index.ts';
import type { TaskDescriptors } from './describe-tasks.ts';
import { type DescribedModel, exportDescribed, outputName } from './export.ts';
import { dividedParts, exportParts } from './export-parts.ts';
import { makeFolder, writeAtomic } from './files.ts';
import type { Judged } from './judge.ts';
import { knownTo, type ModelPart, modelPart } from './model-part.ts';
import type { Part } from './part.ts';
import type { Prepared } from './prepare.ts';
import type { RunConfig } from './run-config.ts';
import { VERSION } from './version.ts';

const READ_ROLES: readonly Role[] = ['input', 'target', 'task', 'exposure'];

/** What of a run is exported. */
export type Exportable = Pick<Judged, 'prepared' | 'seeds' | 'parts' | 'result'>;

/**
 * One seed of what was learned, or the mean of several, as the files of a model: `model.onnx`, `encoders.json`, `signature.json`,
 * `card.json`; where z is made of what is known of tasks, also `descriptors.json` and, for wide problems, `described.onnx`.
 */
export function modelFiles(
  { prepared, seeds, parts, result }: Exportable,
  chosen: readonly number[],
  config: RunConfig,
  card: ModelCard,
): Map<string, Uint8Array> {
  const at = chosen.map((seed) => seeds.indexOf(seed));
  const divided = dividedParts(parts.map((part) => modelPart(part, at)));
  const [first] = divided as [ModelPart];
  const { program, gates } = exportParts(divided, {
    signature: prepared.signature,
    tasks: prepared.dataset.tasks,
  });
  const alone = divided.length === 1;
  const described = alone ? exportDescribed(first) : undefined;
  const descriptors = alone && isConditioned(first.spec.conditioning) ? prepared.descriptors : undefined;
  const signature: Signature = {
    format: FORMAT,
    polytask: VERSION,
    sharing: result.sharing,
    ...(alone ? { model: first.spec } : { parts: divided.map(signaturePart) }),
    ...(result.architecture && { architecture: result.architecture }),
    seed: chosen[0]!,
    ...(chosen.length > 1 && { seeds: chosen }),
    ...problemOf(prepared, config, program, descriptors),
    inputs: inputsOf(prepared, parts),
    graph: portsOf(program),
    ...(gates && gates.length > 0 && { gates }),
    ...(described && { described: described.families, describedGraph: portsOf(described.program) }),
  };
  return new Map([
    [GRAPH, program.bytes],
    ['encoders.json', json(prepared.encoders.toJSON())],
    ...describedFiles(described, descriptors, prepared),
    ['card.json', json(card, 2)],
    ['signature.json', json(signature, 2)],
  ]);
}

/** What it takes to build a part again, beside the whole model's encoders. */
export function signaturePart(part: ModelPart): NonNullable<Signature['parts']>[number] {
  const { edges } = part.signature.features;
  const known = knownTo(part);
  return { tasks: part.serves, model: part.spec, ...(known && { known }), ...(edges && { edges }) };
}

/** Writes the files of a model and, last, what they are: a folder that has a manifest is complete. */
export async function writeModelFolder(
  folder: string,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  await makeFolder(folder);
  for (const [name, bytes] of files) await writeAtomic(join(folder, name), bytes);
  await writeAtomic(join(folder, MANIFEST), json(manifestOf(files, VERSION), 2));
}

/** What a signature says of the problem: data, tasks, types of columns. */
function problemOf(
  { fingerprint, dataset, signature, plans, units }: Prepared,
  { by, read }: RunConfig,
  program: Program,
  descriptors: TaskDescriptors | undefined,
): Pick<Signature, 'data' | 'tasks' | 'by' | 'anyTask' | 'read' | 'types'> {
  const { missing, encoding } = read;
  const reads = (name: string, role: Role): boolean =>
    READ_ROLES.includes(role) || descriptors?.columns.includes(name) === true;
  return {
    data: fingerprint,
    tasks: dataset.tasks.map((fitted) => {
      // The tasks of a long problem are one of the config.
      const unit = by === undefined ? units.get(fitted.name) : [...units.values()][0];
      return {
        fitted,
        output: signature.long ? 'prediction' : outputName(fitted.name, signature),
        ...(unit !== undefined && { unit }),
      };
    }),
    ...(by !== undefined && { by }),
    ...(by !== undefined && !program.inputs.some(({ name }) => name === 'task') && { anyTask: true }),
    read: { ...(missing && { missing }), ...(encoding !== undefined && { encoding }) },
    types: Object.fromEntries(
      plans.flatMap(({ name, type, role }) => (reads(name, role) ? [[name, type]] : [])),
    ),
  };
}

/** A column is read where some part reads it. */
function inputsOf({ inputs }: Prepared, parts: readonly Part[]): Signature['inputs'] {
  const unread = parts.map(({ kept }) => unreadColumns(kept.spec));
  return inputs.map((input) => ({ ...input, read: unread.some((own) => !own.includes(input.name)) }));
}

export function portsOf({ inputs, outputs }: Program): GraphPorts {
  return { inputs, outputs };
}

function describedFiles(
  described: DescribedModel | undefined,
  descriptors: TaskDescriptors | undefined,
  { dataset }: Prepared,
): [string, Uint8Array][] {
  return [
    ...(described ? ([['described.onnx', described.program.bytes]] as [string, Uint8Array][]) : []),
    ...(descriptors
      ? ([['descriptors.json', json(descriptorsFile(descriptors, dataset.tasks))]] as [string, Uint8Array][])
      : []),
  ];
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

export const json = (value: unknown, indent?: number): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify(value, null, indent)}\n`);
