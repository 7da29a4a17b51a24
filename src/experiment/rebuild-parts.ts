import { type Artefact, invalidModel, type SignaturePart } from '../artefact/index.ts';
import { weightsOf } from '../artefact/onnx/index.ts';
import type { EncoderSet } from '../data/index.ts';
import { ParameterLayout } from '../engine/optimiser/parameters.ts';
import { chooseFlow, isConditioned, type ModelSignature } from '../model/index.ts';
import { parametersOf } from '../model/keep-tasks.ts';
import type { FittedTask } from '../problem/index.ts';
import type { DividedProblem } from './export-parts.ts';
import { headSpec } from './labels.ts';
import type { ModelPart } from './model-part.ts';
import { featureSignature } from './prepare.ts';

type Read = Pick<Artefact, 'signature' | 'encoders' | 'graph' | 'descriptors'>;

/** The problem that an exported model solves. */
export function problemOfModel({
  signature,
  encoders,
}: Pick<Read, 'signature' | 'encoders'>): DividedProblem {
  const tasks = signature.tasks.map(({ fitted }) => fitted);
  const features = featureSignature(encoders);
  return { tasks, signature: { features, heads: tasks.map(headSpec), long: signature.by !== undefined } };
}

/**
 * An exported model as what it was exported from: its parts as plain data, with the weights that stand in its graph.
 *
 * @throws `model-invalid` where graph and signature do not belong together
 */
export function rebuildParts(model: Read): ModelPart[] {
  const { signature } = model;
  const { parts = [wholeOf(model)], seeds } = signature;
  const weights = weightsOf(model.graph);
  return parts.map((part, p) => {
    // Weights of tasks stand in the order of the whole model, whatever order a part names them in.
    const served = signature.tasks
      .map(({ fitted }) => fitted.name)
      .filter((name) => part.tasks.includes(name));
    const known = (part.known ?? served).map((name) => fittedOf(model, name));
    const built = signatureOf(model, part, known);
    const headed = built.heads.map(({ name }) => name);
    const prefix = signature.parts === undefined ? '' : `${p}/`;
    const own = (name: string): Float32Array | undefined => weights.get(`${prefix}${name}`);
    return {
      spec: part.model,
      signature: built,
      tasks: known.filter(({ name }) => headed.includes(name)),
      descriptors: built.features.descriptors && descriptorsOf(model, known),
      theta: thetaOf(part, built, seeds?.length ?? 1, own),
      replicas: seeds?.length ?? 1,
      serves: part.tasks,
    };
  });
}

function wholeOf({ signature: { model, tasks, known } }: Read): SignaturePart {
  if (model === undefined)
    throw invalidModel(
      'signature.json',
      'the model as plain data',
      'none',
      'Train it again: an earlier version wrote it.',
    );
  return { model, tasks: tasks.map(({ fitted }) => fitted.name), ...(known && { known }) };
}

function fittedOf({ signature: { tasks, others = [] } }: Read, name: string): FittedTask {
  const found = [...tasks.map(({ fitted }) => fitted), ...others].find((fitted) => fitted.name === name);
  if (found !== undefined) return found;
  throw invalidModel('signature.json', `the task "${name}", which the model knows`, 'none');
}

/** Heads are those of the tasks that the part serves, and of all that it knows where these flow into each other. */
function signatureOf(
  { signature: { by }, encoders, descriptors }: Read,
  { model, tasks, known, edges = encoders.edges }: SignaturePart,
  fitted: readonly FittedTask[],
): ModelSignature {
  const all = fitted.map(headSpec);
  const flows = chooseFlow(model.flow).flow.name !== 'none';
  const isDescribed = descriptors !== undefined && isConditioned(model.conditioning ?? 'none');
  return {
    features: {
      ...featuresWith(encoders, edges),
      ...(isDescribed && { descriptors: { tasks: all.length, width: descriptors.descriptor.width } }),
    },
    heads: flows ? all : all.filter(({ name }) => tasks.includes(name)),
    long: by !== undefined,
    ...(known && !flows && { known: all }),
  };
}

function featuresWith(encoders: EncoderSet, edges: EncoderSet['edges']): ModelSignature['features'] {
  const { edges: _, ...features } = featureSignature(encoders);
  return { ...features, ...(edges && { edges }) };
}

/** z of some tasks, [tasks, Z]. */
function descriptorsOf({ descriptors }: Read, tasks: readonly FittedTask[]): Float32Array {
  return Float32Array.from(tasks.flatMap(({ name }) => [...(descriptors!.tasks[name] ?? [])]));
}

/** Weights that no output needs did not go into the graph, and may be anything. */
function thetaOf(
  { model }: SignaturePart,
  signature: ModelSignature,
  replicas: number,
  own: (name: string) => Float32Array | undefined,
): Float32Array {
  const layout = new ParameterLayout(parametersOf(model, signature), replicas === 1 ? [] : [replicas]);
  const values = layout.slices.map(({ name, start, end }) => {
    const size = replicas * (end - start);
    const data = own(name) ?? new Float32Array(size);
    if (data.length === size) return [name, { data }] as const;
    throw invalidModel('model.onnx', `${size} numbers in ${name}`, `${data.length}`);
  });
  return layout.write(Object.fromEntries(values));
}
