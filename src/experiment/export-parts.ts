import { substitute } from '../engine/graph.ts';
import { add, compile, constant, gather, input, mul, type Tensor, unsqueeze } from '../engine/index.ts';
import { inputName } from '../engine/leaf.ts';
import { inputLeaves } from '../engine/program.ts';
import { areSeparate } from '../model/index.ts';
import { keepTasks } from '../model/keep-tasks.ts';
import {
  type ExportedModel,
  exportModel,
  type ModelGraph,
  modelGraph,
  outputName,
  seedsOf,
} from './export.ts';
import type { Part } from './part.ts';
import type { Prepared } from './prepare.ts';

/**
 * Parts as one graph, for one of their seeds or the mean of several: each task's output is that of the part that serves it.
 * From outside it is a model of all tasks like any other.
 *
 * @param prepared the whole problem
 * @param seeds their positions among those that were trained
 */
export function exportParts(
  parts: readonly Part[],
  prepared: Prepared,
  seeds: readonly number[],
): ExportedModel {
  const [{ kept }] = parts as [Part];
  const theta = seedsOf(kept.theta, kept.trial.seeds.length, seeds);
  if (parts.length === 1) return exportModel(kept.spec, kept.trial.prepared, theta, seeds.length);
  const graphs = parts.map((part, p) => apart(graphOf(part, seeds), `${p}/`));
  const outputs = prepared.signature.long
    ? ofRows(graphs, parts, prepared)
    : ofTasks(graphs, parts, prepared);
  const weights = Object.assign({}, ...graphs.map((graph) => graph.weights));
  return {
    program: compile(outputs, { name: 'polytask', weights, metadata: { parts: String(parts.length) } }),
    parameters: graphs.flatMap(({ parameters }) => parameters),
  };
}

function graphOf({ kept: { trial, spec, theta }, serves }: Part, seeds: readonly number[]): ModelGraph {
  const { signature, dataset } = trial.prepared;
  const own = seedsOf(theta, trial.seeds.length, seeds);
  const replicas = seeds.length;
  const { sharing, flow } = spec;
  // Networks of tasks that another part serves are left behind.
  if (signature.long || !areSeparate({ sharing, flow }))
    return modelGraph(spec, { signature, dataset }, own, replicas);
  const heads = signature.heads.filter(({ name }) => serves.includes(name));
  const smaller = keepTasks(spec, signature, own, heads);
  const tasks = dataset.tasks.filter(({ name }) => serves.includes(name));
  return modelGraph(
    spec,
    { signature: smaller.signature, dataset: { ...dataset, tasks } },
    smaller.theta,
    replicas,
  );
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
  parts: readonly Part[],
  { dataset, signature }: Prepared,
): Record<string, Tensor> {
  return Object.fromEntries(
    dataset.tasks.map(({ name }) => {
      const output = outputName(name, signature);
      return [output, graphs[parts.findIndex(({ serves }) => serves.includes(name))]!.outputs[output]!];
    }),
  );
}

/** Every row is of one task, by which it finds its part, and its place there. */
function ofRows(
  graphs: readonly ModelGraph[],
  parts: readonly Part[],
  { dataset }: Prepared,
): Record<string, Tensor> {
  const task = input('task', ['batch'], { dtype: 'int32' });
  const own = graphs.map(({ outputs }, p) => {
    const { serves, kept } = parts[p]!;
    const names = kept.trial.prepared.dataset.tasks.map(({ name }) => name);
    const places = dataset.tasks.map(({ name }) => Math.max(0, names.indexOf(name)));
    const isServed = dataset.tasks.map(({ name }) => Number(serves.includes(name)));
    const values = Object.values(outputs);
    const leaf = inputLeaves(values).find((one) => inputName(one) === 'task');
    const place = gather(constant(places, { dtype: 'int32' }), task);
    const [prediction] = substitute(values, new Map(leaf === undefined ? [] : [[leaf, place]])) as [Tensor];
    return mul(prediction, unsqueeze(gather(constant(isServed), task), -1));
  });
  return { prediction: own.reduce((a, b) => add(a, b)) };
}
