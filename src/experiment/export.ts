import type { SignatureGate } from '../artefact/index.ts';
import {
  compile,
  type Program,
  reduceMean,
  reshape,
  slice,
  type Tensor,
  type TensorData,
} from '../engine/index.ts';
import { ParameterLayout } from '../engine/optimiser/parameters.ts';
import {
  chooseFlow,
  isConditioned,
  orderByFamily,
  type Parameter,
  ParameterSet,
  type Probe,
} from '../model/index.ts';
import { descriptorTable, forward, readsTask } from '../optimization/index.ts';
import { kindOf } from '../problem/index.ts';
import type { ModelPart } from './model-part.ts';

/** A model with its weights inside. */
export interface ExportedModel {
  readonly program: Program;
  readonly parameters: readonly Parameter[];
  /** Outputs that say what each row uses of experts. */
  readonly gates?: readonly SignatureGate[];
}

/** θ of one replica. @param theta packed parameters [seeds, n] */
export function seedOf(theta: Float32Array, seeds: number, seed: number): Float32Array {
  const size = theta.length / seeds;
  return theta.slice(seed * size, (seed + 1) * size);
}

/** θ of some replicas, [positions, n]. @param theta packed parameters [seeds, n] */
export function seedsOf(theta: Float32Array, seeds: number, positions: readonly number[]): Float32Array {
  const own = positions.map((position) => seedOf(theta, seeds, position));
  const all = new Float32Array(own.reduce((sum, { length }) => sum + length, 0));
  own.forEach((values, i) => {
    all.set(values, i * values.length);
  });
  return all;
}

/** What is compiled into an exported model. */
export interface ModelGraph {
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly weights: Readonly<Record<string, TensorData>>;
  readonly parameters: readonly Parameter[];
  /** Gates with the weights that they give each row, [batch, subjects, experts]. */
  readonly gates: readonly (SignatureGate & { readonly weights: Tensor })[];
}

/**
 * The forward graph with links applied: one output a task, `[batch, width]` in the users' units, named after the task, of several
 * replicas the mean of what they predict; long problems have one output, `prediction`, and the input `task` where something is a
 * task's own, and `descriptor` [batch, Z] where z is data. Its leaves are weights, by their names, and what a row is.
 */
export function modelGraph({ spec, signature, tasks, descriptors, theta, replicas }: ModelPart): ModelGraph {
  const set = new ParameterSet(replicas === 1 ? [] : [replicas]);
  const { outputs: families, probes } = forward(spec, signature, tasks, set, signature.long);
  return {
    outputs: taskOutputs(meanOver(families, set), signature, tasks),
    weights: {
      ...weightsOf(set, theta),
      ...descriptorTable({ descriptors, tasks: signature.known ?? signature.heads }),
    },
    parameters: set.parameters,
    // What experts do for tasks that are not served is nobody's business.
    gates: replicas === 1 && signature.known === undefined ? gatesOf(probes) : [],
  };
}

/** A graph for rows of any task, described by z. */
export interface DescribedModel {
  readonly program: Program;
  /** The output of each family of tasks. */
  readonly families: readonly { readonly output: string; readonly tasks: readonly string[] }[];
}

/**
 * A second graph of a wide model that takes z with every row, `descriptor` [batch, Z]: it predicts tasks that training
 * did not see, in the mean units of each family. Nothing where the model has parameters of each task, or z is no data.
 */
export function exportDescribed({
  spec,
  signature,
  tasks,
  theta,
  replicas,
}: ModelPart): DescribedModel | undefined {
  const isData = signature.features.descriptors !== undefined && isConditioned(spec.conditioning);
  const flows = chooseFlow(spec.flow).flow.name !== 'none';
  if (signature.long || !isData || flows || readsTask(spec, signature, tasks)) return undefined;
  const lead = replicas === 1 ? [] : [replicas];
  const wide = new ParameterSet(lead);
  forward(spec, signature, tasks, wide);
  const rows = new ParameterSet(lead);
  const outputs = meanOver(forward(spec, signature, tasks, rows, true).outputs, rows);
  const families = orderByFamily(signature.heads).families.map(({ key, heads }, i) => ({
    key,
    output: `prediction/${i}`,
    tasks: heads.map(({ name }) => name),
  }));
  const program = compile(Object.fromEntries(families.map(({ key, output }) => [output, outputs[key]!])), {
    name: 'polytask',
    weights: weightsOf(wide, theta),
  });
  return { program, families: families.map(({ output, tasks: names }) => ({ output, tasks: names })) };
}

function weightsOf(set: ParameterSet, theta: Float32Array): Record<string, TensorData> {
  return new ParameterLayout(set.parameters, set.lead).read(theta);
}

/** Experts of several replicas have nothing to do with each other: gates are those of one. */
function gatesOf(probes: readonly Probe[]): ModelGraph['gates'] {
  return probes.flatMap(({ name, rows, columns, perRow }) =>
    perRow?.shape[0] === 'batch'
      ? [{ name, output: `gate/${name}`, subjects: rows, experts: columns, weights: perRow }]
      : [],
  );
}

/** What replicas predict on average: of probabilities, not of logits. */
function meanOver(
  outputs: Readonly<Record<string, Tensor>>,
  { lead }: ParameterSet,
): Readonly<Record<string, Tensor>> {
  if (lead.length === 0) return outputs;
  return Object.fromEntries(Object.entries(outputs).map(([key, value]) => [key, reduceMean(value, 0)]));
}

function taskOutputs(
  families: Readonly<Record<string, Tensor>>,
  signature: ModelPart['signature'],
  tasks: ModelPart['tasks'],
): Record<string, Tensor> {
  if (signature.long) return { prediction: Object.values(families)[0]! };
  return Object.fromEntries(
    orderByFamily(signature.heads).families.flatMap(({ key, start, heads }) =>
      heads.map((head, h): [string, Tensor] => {
        const width = kindOf(tasks[start]!.kind).outputWidth(tasks[start + h]!);
        return [
          outputName(head.name, signature),
          reshape(slice(families[key]!, -2, h, h + 1), ['batch', width]),
        ];
      }),
    ),
  );
}

/** The ONNX output of a task: its name, unless an input has that name. */
export function outputName(task: string, { features }: Pick<ModelPart['signature'], 'features'>): string {
  const inputs = [
    'numeric',
    'categorical',
    ...features.text.flatMap(({ name }) => [`text/${name}/ids`, `text/${name}/weights`]),
  ];
  return inputs.includes(task) ? `${task}_output` : task;
}
