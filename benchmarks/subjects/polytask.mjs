import ort from 'onnxruntime-node';
import { loadPolytask } from '../lib/bundle.mjs';
import { drawRows } from '../lib/data.mjs';

const polytask = await loadPolytask();
const { buildTrainingStep, parseOptimiser, tensorData, THETA } = polytask;
export const { LocalRuntime } = polytask;
export const { compileStep } = polytask;

/** A task as it is after fitting, with labels that are standardised already. */
function standardTask(name) {
  return {
    ...{ name, kind: 'regression', column: name, options: {}, labelled: 1 },
    ...{ loss: 'mse', delta: 1, quantiles: [], mean: 0, deviation: 1, constants: [0] },
  };
}

/**
 * Everything that training hands to the engine, for one network.
 *
 * @param {{ inputs: number, hidden: readonly number[], tasks: number, batch: number, rows: number,
 *   sharing?: string, layout?: 'wide' | 'rows' | 'blocks', seeds?: number, dropout?: number, objective?: string }} options
 */
export function buildStep({
  inputs,
  hidden,
  tasks,
  batch,
  rows,
  sharing = 'shared-bottom',
  layout = 'wide',
  seeds = 1,
  dropout = 0,
  objective = 'equal',
}) {
  const fitted = Array.from({ length: tasks }, (_, t) => standardTask(`task ${t}`));
  const kind = polytask.kindOf('regression');
  const mlp = { activation: 'relu', dropout: 0, norm: 'none' };
  const chosen = polytask.chooseObjective(objective);
  const graph = { tasks: fitted, layout };
  const setup = { objective: chosen, graph, seeds: Array.from({ length: seeds }, (_, seed) => seed) };
  const built = buildTrainingStep({
    ...graph,
    objective: chosen,
    model: {
      sharing,
      encoder: { ...mlp, dropout, hidden },
      tower: { ...mlp, hidden: [] },
      embedding: 8,
      textEmbedding: 8,
    },
    signature: {
      features: { numeric: inputs, categorical: [], text: [] },
      heads: fitted.map((task) => ({
        name: task.name,
        family: kind.family(task),
        width: 1,
        initialBias: [0],
      })),
      long: layout !== 'wide',
    },
    seeds,
    optimiser: parseOptimiser('adam'),
    groups: 'replica',
    tableRows: rows,
    rowsPerStep: batch,
    labelColumns: layout === 'wide' ? tasks : 1,
  });
  return { ...built, seeds, tasks, batch, mediator: polytask.mediatorOf(setup) };
}

/** The parameters from which training starts. */
export function initialTheta({ layout, parameters, seeds }) {
  return layout.write(
    polytask.initialise(
      parameters,
      Array.from({ length: seeds }, (_, seed) => seed),
    ),
  );
}

/** A runtime in this thread, with the options that training uses. */
export function openRuntime(threads) {
  return new LocalRuntime(ort, { name: 'native', threads, mediators: polytask.MEDIATORS });
}

/** Other keys of dropout for each step. */
function noiseKeys(count) {
  return Int32Array.from({ length: count }, (_, i) => Math.imul(2 * i + 1, 0x9e3779b1));
}

/** Batches that are drawn once and used again: drawing them is no part of a step. */
const BATCHES = 64;

/**
 * Training steps as `train` takes them: rows picked inside the graph, chunks of steps, the state resident.
 *
 * @param {{ name: string, driver: 'looped' | 'stepwise', runtime: object, tables: object, rows?: Int32Array,
 *   tableRows: number, learningRate: number, chunk?: number }} options
 */
export async function polytaskSteps(built, options) {
  const { name, driver, runtime, tables, tableRows, learningRate, chunk = 256 } = options;
  const { step, layout, seeds, tasks, batch } = built;
  const optimiser = parseOptimiser('adam');
  const program = compileStep(step, { driver, name });
  const stepper = await polytask.openTrainingStep(runtime, built, { driver, name }, built.mediator);
  await stepper.bind(tables);
  const theta = initialTheta(built);
  const lead = seeds === 1 ? [] : [seeds];
  await stepper.write(
    Object.fromEntries(
      step.state.map(({ leaf }) => {
        const own = leaf.node.attributes.name;
        const carried = built.carried.find((state) => state.name === own);
        if (carried !== undefined) return [own, tensorData(carried.start, carried.shape)];
        const data = own === THETA ? theta : new Float32Array(theta.length);
        return [own, tensorData(data, [...lead, layout.size])];
      }),
    ),
  );
  const answers = (built.mediation?.answers ?? []).map((leaf) => leaf.node.attributes.name);
  const ports = program.step.filter((port) => !answers.includes(port.name));
  const drawn = options.rows ?? drawRows(BATCHES * seeds, batch, tableRows);
  const rows = Int32Array.from({ length: chunk * seeds * batch }, (_, i) => drawn[i % drawn.length]);
  let taken = 0;
  let losses;
  let told;
  const feed = ({ name: port, dtype, shape }, steps) => {
    const rest = shape.slice(1);
    const width = rest.reduce((a, b) => a * b, 1);
    if (port === 'rows') return tensorData(rows.subarray(0, steps * width), [steps, ...rest], dtype);
    if (port.startsWith('dropout/')) return tensorData(noiseKeys(steps * width), [steps, ...rest], dtype);
    const values = new Float32Array(steps * width).fill(1);
    const [, key] = port.split('optimiser/');
    for (let k = 0; key !== undefined && k < steps; k++)
      values.fill(optimiser.scalars(taken + k + 1, learningRate)[key], k * width, (k + 1) * width);
    return tensorData(values, [steps, ...rest], dtype);
  };
  return {
    name,
    ...(driver === 'looped' && { chunk }),
    take: async (steps) => {
      for (let left = steps; left > 0; ) {
        const k = Math.min(left, chunk);
        const outputs = await stepper.advance(
          k,
          Object.fromEntries(ports.map((port) => [port.name, feed(port, k)])),
        );
        losses = outputs.losses;
        told = outputs;
        taken += k;
        left -= k;
      }
    },
    losses: () => [...losses.data.slice(-tasks * seeds)],
    /** What the last chunk of steps told, by output. */
    told: () => told,
    close: () => stepper.close(),
  };
}

/** The tables that batches index, for labels of all tasks (`wide`) or of one task a row. */
export function tablesOf({ rows, features, labels, taskOfRow }, inputs, columns) {
  return {
    numeric: tensorData(features, [rows, inputs]),
    labels: tensorData(labels, [rows, columns]),
    'label-weights': tensorData(new Float32Array(rows * columns).fill(1), [rows, columns]),
    ...(taskOfRow && { task: tensorData(taskOfRow, [rows], 'int32') }),
  };
}
