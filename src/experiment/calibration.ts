import type { CardCalibration } from '../artefact/index.ts';
import { taskTargets } from '../optimization/index.ts';
import { type FittedTask, kindOf, type MetricInput } from '../problem/index.ts';
import { meanOf } from './exported.ts';
import type { Judged } from './judge.ts';

/** Predictions of a task beside the truth. */
export interface JudgedTask {
  readonly fitted: FittedTask;
  readonly input: MetricInput;
}

/**
 * How predictions come to mean what they say, by rows that training did not see; nothing where no kind has an answer.
 *
 * @param long whether tasks have one label column and one output: what holds for all of them together is told once
 */
export function calibrate(
  tasks: readonly JudgedTask[],
  rows: CardCalibration['rows'],
  long: boolean,
): CardCalibration | undefined {
  const asked = long ? [together(tasks)] : tasks;
  const found = asked.flatMap(({ fitted, input }) => {
    const own = kindOf(fitted.kind).calibrator?.fit(input, fitted);
    return own === undefined ? [] : [{ task: long ? fitted.column : fitted.name, ...own }];
  });
  return found.length === 0 ? undefined : { rows, tasks: found };
}

/** Calibration of what is exported, by the validation rows, which were predicted already. */
export function calibrationOf(
  { prepared, seeds: trained, validationOutputs }: Pick<Judged, 'prepared' | 'seeds' | 'validationOutputs'>,
  seeds: readonly number[],
): CardCalibration | undefined {
  const { dataset, split, signature } = prepared;
  const positions = seeds.map((seed) => trained.indexOf(seed));
  const judged = taskTargets(dataset, split.validation).map(({ positions: rows, targets, weights }, t) => {
    const fitted = dataset.tasks[t]!;
    const width = kindOf(fitted.kind).outputWidth(fitted);
    const outputs = meanOf(positions.map((s) => validationOutputs.at(s, t, rows, width)));
    return { fitted, input: { outputs, targets, weights } };
  });
  return calibrate(judged, { from: 'validation', count: split.validation.length }, signature.long);
}

/** Rows of all tasks as if they were one. */
function together(tasks: readonly JudgedTask[]): JudgedTask {
  const all = (of: keyof MetricInput): Float64Array =>
    Float64Array.from(tasks.flatMap(({ input }) => Array.from(input[of])));
  const [{ fitted }] = tasks as [JudgedTask];
  return { fitted, input: { outputs: all('outputs'), targets: all('targets'), weights: all('weights') } };
}
