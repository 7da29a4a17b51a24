import type { Artefact, DescriptorsFile, ModelCard, Signature } from '../artefact/index.ts';
import { EncoderSet } from '../data/index.ts';
import { takeAside } from '../model/aside.ts';
import { columnsAside, describeModel, type FeatureSignature, unreadColumns } from '../model/index.ts';
import { inputLeaves } from '../model/inputs.ts';
import { exportDescribed, outputName } from './export.ts';
import { type DividedProblem, exportParts } from './export-parts.ts';
import { portsOf, signaturePart } from './model-folder.ts';
import { knownTo, type ModelPart, narrowPart } from './model-part.ts';
import { featureSignature } from './prepare.ts';
import { problemOfModel, rebuildParts } from './rebuild-parts.ts';

/** An exported model with all that it holds in memory. */
export type WholeModel = Omit<Artefact, 'described'> & { readonly described?: Uint8Array | undefined };

/**
 * An exported model for some of its tasks: what serves others alone is in it no more.
 *
 * @param names of tasks that it has; they stay in its order
 */
export function selectTasks(model: WholeModel, names: readonly string[]): WholeModel {
  const kept = rebuildParts(model)
    .filter(({ serves }) => serves.some((name) => names.includes(name)))
    .map((part) => narrowPart(part, names));
  const leaving = readByNobody(kept);
  const encoders = fewerEncoders(model.encoders, leaving);
  const parts = kept.map((part) => fewerColumns(part, leaving));
  const problem = ofNames(problemOfModel({ ...model, encoders }), names);
  const { program, gates = [] } = exportParts(parts, problem);
  const [first] = parts as [ModelPart];
  const alone = parts.length === 1;
  const described = alone ? exportDescribed(first) : undefined;
  const { gates: _, described: __, describedGraph: ___, ...old } = model.signature;
  const signature: Signature = {
    ...old,
    ...structureOf(old, parts),
    inputs: inputsOf(old.inputs, leaving, parts),
    tasks: old.tasks
      .filter(({ fitted }) => names.includes(fitted.name))
      .map((task) => ({
        ...task,
        output: problem.signature.long ? task.output : outputName(task.fitted.name, problem.signature),
      })),
    types: typesOf(old, leaving, names),
    graph: portsOf(program),
    ...(gates.length > 0 && { gates }),
    ...(described && { described: described.families, describedGraph: portsOf(described.program) }),
  };
  return {
    signature,
    encoders,
    graph: program.bytes,
    described: described?.program.bytes,
    descriptors: model.descriptors && descriptorsOf(model.descriptors, parts),
    card: model.card && cardOf(model.card, names, problem.signature.long),
  };
}

/** What a signature says of what the model is made of; what is undefined leaves the JSON. */
function structureOf({ tasks, others = [] }: Signature, parts: readonly ModelPart[]): object {
  const written = parts.map(signaturePart);
  const served = parts.flatMap(({ serves }) => serves);
  const known = new Set(written.flatMap((part) => part.known ?? []));
  const needed = [...tasks.map(({ fitted }) => fitted), ...others].filter(
    ({ name }) => known.has(name) && !served.includes(name),
  );
  const [first] = parts as [ModelPart];
  const alone = parts.length === 1;
  return {
    model: alone ? first.spec : undefined,
    parts: alone ? undefined : written,
    known: alone ? written[0]!.known : undefined,
    architecture: alone ? describeModel(first.spec, first.signature) : undefined,
    others: needed.length > 0 ? needed : undefined,
  };
}

function ofNames({ signature, tasks }: DividedProblem, names: readonly string[]): DividedProblem {
  return {
    tasks: tasks.filter(({ name }) => names.includes(name)),
    signature: { ...signature, heads: signature.heads.filter(({ name }) => names.includes(name)) },
  };
}

/** Columns that every part does without; what a sharing takes aside it has to be given. */
function readByNobody(parts: readonly ModelPart[]): readonly string[] {
  const [first, ...rest] = parts.map(({ spec }) => spec.without ?? []);
  const aside = parts.flatMap(({ spec }) => columnsAside(spec.sharing));
  return first!.filter((name) => rest.every((own) => own.includes(name)) && !aside.includes(name));
}

function fewerEncoders(encoders: EncoderSet, leaving: readonly string[]): EncoderSet {
  if (leaving.length === 0) return encoders;
  const stay = encoders.encoders.filter(({ column }) => !leaving.includes(column));
  return new EncoderSet(stay, fewerFeatures(featureSignature(encoders), leaving).edges);
}

function fewerColumns(part: ModelPart, leaving: readonly string[]): ModelPart {
  if (leaving.length === 0) return part;
  const { without: _, ...spec } = part.spec;
  const without = (part.spec.without ?? []).filter((name) => !leaving.includes(name));
  const { signature } = part;
  return {
    ...part,
    spec: { ...spec, ...(without.length > 0 && { without }) },
    signature: { ...signature, features: fewerFeatures(signature.features, leaving) },
  };
}

function fewerFeatures(features: FeatureSignature, leaving: readonly string[]): FeatureSignature {
  return takeAside({ features, inputs: inputLeaves(features, 'batch', false) }, leaving).rest.features;
}

function inputsOf(
  inputs: Signature['inputs'],
  leaving: readonly string[],
  parts: readonly ModelPart[],
): Signature['inputs'] {
  const unread = parts.map(({ spec }) => unreadColumns(spec));
  return inputs
    .filter(({ name }) => !leaving.includes(name))
    .map((input) => ({ ...input, read: unread.some((own) => !own.includes(input.name)) }));
}

/** Types of columns without those of labels and inputs that have left. */
function typesOf(
  { types, tasks }: Signature,
  leaving: readonly string[],
  names: readonly string[],
): Signature['types'] {
  const labels = (kept: boolean): string[] =>
    tasks.flatMap(({ fitted: { name, column } }) => (names.includes(name) === kept ? [column] : []));
  const gone = [...leaving, ...labels(false).filter((column) => !labels(true).includes(column))];
  return Object.fromEntries(Object.entries(types).filter(([column]) => !gone.includes(column)));
}

/** What a long model's card says of calibration is about all rows. */
function cardOf(card: ModelCard, names: readonly string[], long: boolean): ModelCard {
  const { metrics, calibration } = card;
  return {
    ...card,
    metrics: metrics.filter(({ task }) => names.includes(task)),
    ...(calibration &&
      !long && {
        calibration: { ...calibration, tasks: calibration.tasks.filter(({ task }) => names.includes(task)) },
      }),
  };
}

/** What is known of tasks whose weights are there. */
function descriptorsOf(file: DescriptorsFile, parts: readonly ModelPart[]): DescriptorsFile {
  const names = new Set(parts.flatMap((part) => knownTo(part) ?? part.serves));
  return {
    ...file,
    tasks: Object.fromEntries(Object.entries(file.tasks).filter(([name]) => names.has(name))),
  };
}
