import { PolytaskError } from '../common/error.ts';
import { needsBaselines } from '../objective/index.ts';
import type { TrainingSetup } from './training.ts';

/**
 * Refuses an objective that needs to know what the tasks' own independent models reach, and is not told.
 *
 * @throws `objective-invalid`
 */
export function checkBaselines({ objective, baselines, seeds, graph }: TrainingSetup): void {
  if (!needsBaselines(objective)) return;
  const [replicas, tasks] = [seeds.length, graph.tasks.length];
  const fits =
    baselines?.length === replicas &&
    baselines.every((own) => own.length === tasks && own.every(Number.isFinite));
  if (fits) return;
  throw new PolytaskError('objective-invalid', {
    path: 'baselines',
    expected: `a finite loss for each of ${tasks} tasks in each of ${replicas} replicas, as ${objective.name} weighs by them`,
    found: baselines === undefined ? 'none' : JSON.stringify(baselines),
    help: 'Train the tasks as independent models first, with the same seeds, and give what `lossesOver` finds for them on the training rows.',
  });
}
