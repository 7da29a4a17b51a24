import { PolytaskError } from '../common/error.ts';
import { readsTask } from '../optimization/index.ts';
import type { Prepared } from './prepare.ts';
import type { RunConfig } from './run-config.ts';
import { modelSpec } from './trial.ts';

/**
 * Refuses tasks on the validation or test side that training does not see, where the model has parameters for each task.
 *
 * @throws `task-unknown`
 */
export function checkUnseen(config: RunConfig, { unseen, signature, dataset }: Prepared): void {
  if (unseen.length === 0) return;
  const { sharing, flow } = config.model;
  if (!readsTask(modelSpec({ sharing, flow, config }), signature, dataset.tasks)) return;
  throw new PolytaskError('task-unknown', {
    path: config.by ?? 'by',
    expected: 'every task among the training rows',
    found: `${unseen.length} tasks that training does not have, such as "${unseen[0]}"`,
    help: `Split within tasks (split.by: ${config.by}), or predict new tasks from what is known of them: --sharing shared-bottom:heads=shared --conditioning concat --descriptor means.`,
  });
}
