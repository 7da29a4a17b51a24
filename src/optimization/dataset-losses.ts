import { compile, input, type Runtime, type TensorData, tensorData } from '../engine/index.ts';
import { buildModel, type ModelSignature, type ModelSpec, ParameterSet } from '../model/index.ts';
import { inputLeaves } from '../model/inputs.ts';
import { type Dataset, labelColumns, trainingTables } from './dataset.ts';
import { taskLosses } from './losses.ts';
import { byTheta } from './prediction.ts';
import { rowChunks, rowsPerRun } from './row-chunks.ts';
import { THETA } from './training-step.ts';

/**
 * The mean loss of each task over its labelled rows among some rows, as a model has it when it predicts, in the units
 * that training descends: Lₜ = Σ_b w_bt ℓₜ(ŷ_bt, y_bt) / Σ_b w_bt, and 0 where the task has no label.
 *
 * @param theta packed parameters, [seeds, n]
 * @returns [replica][task]
 */
export async function lossesOver(
  runtime: Runtime,
  model: ModelSpec,
  signature: ModelSignature,
  data: Dataset,
  { theta, seeds }: { readonly theta: Float32Array; readonly seeds: number },
  rows: Int32Array,
): Promise<number[][]> {
  const { program, perRun } = buildLosses(model, signature, data);
  const needed = new Set(program.inputs.map(({ name }) => name));
  const { labels, 'label-weights': weights } = trainingTables(data) as Record<string, TensorData>;
  const states = Array.from({ length: seeds }, (_, s) => stateOf(theta, seeds, s));
  const sums = states.map(() => data.tasks.map(() => 0));
  const totals = data.tasks.map(() => 0);
  const session = await runtime.load(program);
  try {
    for (const { rows: part, inputs } of rowChunks(data, data.tasks, rows, perRun)) {
      const all = { ...inputs, [LABELS]: taken(labels!, part), [WEIGHTS]: taken(weights!, part) };
      const feeds = Object.fromEntries(Object.entries(all).filter(([name]) => needed.has(name)));
      const counted = countedWeights(data, part, all[WEIGHTS]!);
      counted.forEach((weight, t) => {
        totals[t]! += weight;
      });
      for (const [s, state] of states.entries()) {
        const { losses } = await session.run({ ...feeds, [THETA]: state });
        counted.forEach((weight, t) => {
          sums[s]![t]! += weight * Number(losses!.data[t]);
        });
      }
    }
  } finally {
    await session.close();
  }
  return sums.map((own) => own.map((sum, t) => (totals[t] === 0 ? 0 : sum / totals[t]!)));
}

const LABELS = 'labels';
const WEIGHTS = 'label-weights';

/** The losses of a batch of rows for one replica: a seed's numbers do not depend on how many stand beside it. */
function buildLosses(
  model: ModelSpec,
  signature: ModelSignature,
  data: Dataset,
): { readonly program: ReturnType<typeof compile>; readonly perRun: number } {
  const { features, long } = signature;
  const set = new ParameterSet();
  const batch = inputLeaves(features, 'batch', long);
  const layout = long ? 'rows' : 'wide';
  const built = buildModel(model, signature, set, batch, layout, { training: false });
  const labelled = {
    labels: input(LABELS, ['batch', labelColumns(data)]),
    weights: input(WEIGHTS, ['batch', data.labels.length]),
    ...(batch.task && { task: batch.task }),
  };
  const { losses } = taskLosses(built, data.tasks, labelled, layout);
  const { values } = byTheta(set, { losses });
  return {
    program: compile(values, { name: 'losses' }),
    perRun: rowsPerRun(set.parameters, 1, long),
  };
}

function stateOf(theta: Float32Array, seeds: number, seed: number): TensorData {
  const size = theta.length / seeds;
  return tensorData(theta.slice(seed * size, (seed + 1) * size), [size]);
}

/** Some rows of a table. */
function taken({ data, shape }: TensorData, rows: Int32Array): TensorData {
  const width = shape[1]!;
  const values = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    values.set((data as Float32Array).subarray(row * width, (row + 1) * width), i * width);
  });
  return tensorData(values, [rows.length, width]);
}

/** Σ_b w_bt of some rows for each task. */
function countedWeights({ tasks, taskOfRow }: Dataset, rows: Int32Array, { data }: TensorData): number[] {
  const totals = tasks.map(() => 0);
  const width = taskOfRow === undefined ? tasks.length : 1;
  rows.forEach((row, i) => {
    for (let c = 0; c < width; c++) totals[taskOfRow?.[row] ?? c]! += Number(data[i * width + c]);
  });
  return totals;
}
