import type { Runtime } from '../engine/index.ts';
import { lossesOver } from '../optimization/index.ts';
import type { Prepared } from './prepare.ts';
import type { KeptTrial } from './trial.ts';

/**
 * The tasks that training sees, as a problem of their own: the others have nothing to be learned from alone. Where whole
 * tasks are held out, no row but the training's may be of a task that trains; those then judge.
 */
export function seenTasks(prepared: Prepared): Prepared {
  const { dataset, signature, split, unseen } = prepared;
  if (unseen.length === 0) return prepared;
  // They stand after all others.
  const count = dataset.tasks.length - unseen.length;
  const { descriptors: _, ...data } = dataset;
  const { descriptors: __, ...features } = signature.features;
  const ofSeen = (rows: Int32Array): Int32Array => rows.filter((row) => dataset.taskOfRow![row]! < count);
  const validation = ofSeen(split.validation);
  return {
    ...prepared,
    dataset: {
      ...data,
      tasks: dataset.tasks.slice(0, count),
      // Rows of the others are in the table, and in no batch.
      taskOfRow: dataset.taskOfRow!.map((t) => (t < count ? t : 0)),
    },
    signature: { ...signature, features, heads: signature.heads.slice(0, count) },
    split: {
      train: split.train,
      validation: validation.length > 0 ? validation : split.train,
      test: ofSeen(split.test),
    },
    unseen: [],
  };
}

/**
 * What the tasks reach alone: the mean training loss of each task's kept model, [seed][task], and 0 for tasks that
 * training does not see, which are in no batch.
 *
 * @param alone the trial of `seenTasks`
 * @param tasks of the whole problem
 */
export async function baselinesOf(
  runtime: Runtime,
  { trial, spec, theta }: KeptTrial,
  tasks: number,
): Promise<number[][]> {
  const { dataset, signature, split } = trial.prepared;
  const state = { theta, seeds: trial.seeds.length };
  const losses = await lossesOver(runtime, spec, signature, dataset, state, split.train);
  return losses.map((own) => Array.from({ length: tasks }, (_, t) => own[t] ?? 0));
}
