import { substitute } from '../engine/graph.ts';
import { add, compile, constant, gather, input, mul, type Tensor, unsqueeze } from '../engine/index.ts';
import { inputName } from '../engine/leaf.ts';
import { inputLeaves } from '../engine/program.ts';
import { chooseSharing, type ModelSignature } from '../model/index.ts';
import type { FittedTask } from '../problem/index.ts';
import { type ExportedModel, type ModelGraph, modelGraph, outputName } from './export.ts';
import { type ModelPart, narrowPart } from './model-part.ts';

/** What parts divide among them. */
export interface DividedProblem {
  readonly signature: ModelSignature;
  readonly tasks: readonly FittedTask[];
}

/**
 * Parts as one graph: each task's output is that of the part that serves it, and what of a part serves other tasks alone is
 * left behind. From outside it is a model of all tasks like any other.
 *
 * @param problem the whole one
 */
export function exportParts(parts: readonly ModelPart[], problem: DividedProblem): ExportedModel {
  if (parts.length === 1) return exportAlone(parts[0]!, problem);
  const graphs = parts.map((part, p) => apart(modelGraph(part), `${p}/`));
  const outputs = problem.signature.long ? ofRows(graphs, parts, problem) : ofTasks(graphs, parts, problem);
  const weights = Object.assign({}, ...graphs.map((graph) => graph.weights));
  return {
    program: compile(outputs, { name: 'polytask', weights, metadata: { parts: String(parts.length) } }),
    parameters: graphs.flatMap(({ parameters }) => parameters),
  };
}

/** Parts that serve all their tasks as they were trained, others without what they are not asked for. */
export function dividedParts(parts: readonly ModelPart[]): readonly ModelPart[] {
  return parts.length === 1 ? parts : parts.map((part) => narrowPart(part, part.serves));
}

function exportAlone(part: ModelPart, problem: DividedProblem): ExportedModel {
  const graph = modelGraph(part);
  const { weights, parameters, gates } = graph;
  const outputs = problem.signature.long ? graph.outputs : ofTasks([graph], [part], problem);
  const metadata = { sharing: chooseSharing(part.spec.sharing).sharing.name };
  const shown = Object.fromEntries(gates.map((gate) => [gate.output, gate.weights]));
  return {
    program: compile({ ...outputs, ...shown }, { name: 'polytask', weights, metadata }),
    parameters,
    gates: gates.map(({ weights: _, ...gate }) => gate),
  };
}

/** The same graph with weights under names of its own. */
function apart({ outputs, weights, parameters }: ModelGraph, prefix: string): ModelGraph {
  const values = Object.values(outputs);
  const image = new Map(
    inputLeaves(values).flatMap((leaf): [Tensor, Tensor][] => {
      const name = inputName(leaf);
      if (weights[name] === undefined) return [];
      return [[leaf, input(`${prefix}${name}`, leaf.shape, { dtype: leaf.dtype })]];
    }),
  );
  const images = substitute(values, image);
  return {
    outputs: Object.fromEntries(Object.keys(outputs).map((name, i) => [name, images[i]!])),
    weights: Object.fromEntries(Object.entries(weights).map(([name, data]) => [`${prefix}${name}`, data])),
    parameters: parameters.map((parameter) => ({ ...parameter, name: `${prefix}${parameter.name}` })),
    gates: [],
  };
}

/** Every row has an output of each task. */
function ofTasks(
  graphs: readonly ModelGraph[],
  parts: readonly ModelPart[],
  { tasks, signature }: DividedProblem,
): Record<string, Tensor> {
  return Object.fromEntries(
    tasks.map(({ name }) => {
      const output = outputName(name, signature);
      return [output, graphs[parts.findIndex(({ serves }) => serves.includes(name))]!.outputs[output]!];
    }),
  );
}

/** Every row is of one task, by which it finds its part, and its place there. */
function ofRows(
  graphs: readonly ModelGraph[],
  parts: readonly ModelPart[],
  { tasks }: DividedProblem,
): Record<string, Tensor> {
  const task = input('task', ['batch'], { dtype: 'int32' });
  const own = graphs.map(({ outputs }, p) => {
    const { serves, tasks: headed } = parts[p]!;
    const names = headed.map(({ name }) => name);
    const places = tasks.map(({ name }) => Math.max(0, names.indexOf(name)));
    const isServed = tasks.map(({ name }) => Number(serves.includes(name)));
    const values = Object.values(outputs);
    const leaf = inputLeaves(values).find((one) => inputName(one) === 'task');
    const place = gather(constant(places, { dtype: 'int32' }), task);
    const [prediction] = substitute(values, new Map(leaf === undefined ? [] : [[leaf, place]])) as [Tensor];
    return mul(prediction, unsqueeze(gather(constant(isServed), task), -1));
  });
  return { prediction: own.reduce((a, b) => add(a, b)) };
}
