import { PolytaskError } from '../common/error.ts';
import { needsBaselines, needsValidation } from '../objective/index.ts';
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

/**
 * Refuses an objective that looks at losses on validation rows, and is given none.
 *
 * @throws `objective-invalid`
 */
export function checkValidation({ objective, validation }: TrainingSetup): void {
  if (!needsValidation(objective) || (validation?.length ?? 0) > 0) return;
  throw new PolytaskError('objective-invalid', {
    path: 'validation',
    expected: `validation rows, as ${objective.name} learns its weights from them`,
    found: 'none',
    help: 'Give the rows of the validation split, of tasks that training sees.',
  });
}
