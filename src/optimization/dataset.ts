import { type Features, featureTensors } from '../data/index.ts';
import { type TensorData, tensorData } from '../engine/index.ts';
import type { EncodedLabels, FittedTask } from '../problem/index.ts';
import { kindOf } from '../problem/index.ts';

/** A problem's rows as training sees them: features, labels of every task, and the task of each row in a long one. */
export interface Dataset {
  readonly features: Features;
  /** In the order of the model's heads. */
  readonly tasks: readonly FittedTask[];
  /** Labels of each task; in a long problem one entry, the label column of all. */
  readonly labels: readonly EncodedLabels[];
  /** The task of each row: long problems only. */
  readonly taskOfRow?: Int32Array;
  /** How much each row counts; 1 where absent. */
  readonly rowWeights?: Float32Array;
  /** z of each task, [tasks, Z], where it is data. */
  readonly descriptors?: Float32Array;
}

/** z of all tasks as the table that a graph takes. */
export function descriptorTable({
  descriptors,
  tasks,
}: {
  readonly descriptors?: Float32Array | undefined;
  readonly tasks: readonly unknown[];
}): {
  readonly descriptors?: TensorData;
} {
  if (descriptors === undefined) return {};
  return { descriptors: tensorData(descriptors, [tasks.length, descriptors.length / tasks.length]) };
}

/** How many columns the labels of all tasks take together. */
export function labelColumns({ tasks, taskOfRow }: Pick<Dataset, 'tasks' | 'taskOfRow'>): number {
  const counted = taskOfRow === undefined ? tasks : tasks.slice(0, 1);
  return counted.reduce((sum, task) => sum + kindOf(task.kind).labelWidth(task), 0);
}

/** The tables that training batches index: features, labels side by side, and the weight of each label. */
export function trainingTables(data: Dataset): Record<string, TensorData> {
  const { rows } = data.features;
  const widths = data.labels.map(({ labels }) => labels.length / Math.max(1, rows));
  const total = widths.reduce((a, b) => a + b, 0);
  const labels = new Float32Array(rows * total);
  const weights = new Float32Array(rows * data.labels.length);
  let column = 0;
  data.labels.forEach((task, t) => {
    const width = widths[t]!;
    for (let row = 0; row < rows; row++) {
      for (let c = 0; c < width; c++) labels[row * total + column + c] = task.labels[row * width + c]!;
      weights[row * data.labels.length + t] = task.weights[row]! * (data.rowWeights?.[row] ?? 1);
    }
    column += width;
  });
  return {
    ...featureTensors(data.features, data.taskOfRow),
    ...descriptorTable(data),
    labels: tensorData(labels, [rows, total]),
    'label-weights': tensorData(weights, [rows, data.labels.length]),
  };
}

/** What the metrics of one task need: its labelled rows among some rows, their targets and weights. */
export interface TaskTargets {
  /** Positions within the rows that were asked for. */
  readonly positions: Int32Array;
  readonly targets: Float64Array;
  readonly weights: Float64Array;
}

/** The labelled rows of every task among `rows`. Class weights shape the loss alone: here every label counts alike. */
export function taskTargets(data: Dataset, rows: Int32Array): TaskTargets[] {
  const positionsOf = labelledPositions(data, rows);
  return data.tasks.map((task, t) => {
    const { targets } = data.labels[data.taskOfRow === undefined ? t : 0]!;
    const width = kindOf(task.kind).labelWidth(task);
    const positions = Int32Array.from(positionsOf[t]!);
    const own = new Float64Array(positions.length * width);
    positions.forEach((position, i) => {
      own.set(targets.subarray(rows[position]! * width, (rows[position]! + 1) * width), i * width);
    });
    const weights = Float64Array.from(positions, (position) => data.rowWeights?.[rows[position]!] ?? 1);
    return { positions, targets: own, weights };
  });
}

/** For each task, the positions within `rows` of those that have a label of it. */
function labelledPositions({ tasks, labels, taskOfRow }: Dataset, rows: Int32Array): number[][] {
  const positions: number[][] = tasks.map(() => []);
  rows.forEach((row, position) => {
    if (taskOfRow !== undefined) {
      if (labels[0]!.weights[row]! > 0) positions[taskOfRow[row]!]!.push(position);
      return;
    }
    labels.forEach(({ weights }, t) => {
      if (weights[row]! > 0) positions[t]!.push(position);
    });
  });
  return positions;
}
