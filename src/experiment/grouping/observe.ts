import {
  type AffinityKind,
  type ObservedGradients,
  ObservedGradientsRecorder,
} from '../../diagnosis/index.ts';
import type { Runtime } from '../../engine/index.ts';
import {
  type Checkpoint,
  GradientObserver,
  type TrainingSetup,
  taskTargets,
} from '../../optimization/index.ts';
import { mayStandInBlocks } from '../batches.ts';
import type { Trial } from '../trial.ts';
import { chooseAffinity } from './affinity-method.ts';
import { looksOf } from './looks.ts';

/** What a trial watches of its gradients while it trains; undefined where there is nothing to be watched. */
export async function openObserver(
  runtime: Runtime,
  trial: Trial,
  setup: TrainingSetup,
): Promise<GradientObserver | undefined> {
  const tasks = setup.graph.tasks.map(({ name }) => name);
  const { method, options } = chooseAffinity(trial.affinity ?? 'none');
  if (method.name === 'none' || tasks.length < 2) return undefined;
  const kind: AffinityKind = method.name;
  const rows = blocksOf(trial);
  const looks = looksOf(kind, options, setup, rows);
  return GradientObserver.open(runtime, setup, {
    ...looks,
    record: (layers, seen) => new ObservedGradientsRecorder(tasks, layers, kind, seen),
  });
}

/** What was watched in the training that a checkpoint is of. */
export function observedIn({ observed }: Checkpoint): ObservedGradients | undefined {
  return observed === undefined ? undefined : ObservedGradientsRecorder.resultOf(observed);
}

/** The training rows of each task, where rows belong to one task each and can stand in blocks. */
function blocksOf(trial: Trial): Int32Array[] | undefined {
  const { dataset, split } = trial.prepared;
  if (!mayStandInBlocks(trial)) return undefined;
  const rows = taskTargets(dataset, split.train).map(({ positions }) =>
    positions.map((at) => split.train[at]!),
  );
  return rows.every(({ length }) => length > 0) ? rows : undefined;
}
