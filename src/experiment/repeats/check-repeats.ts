import { PolytaskError } from '../../common/error.ts';
import type { Table } from '../../common/table.ts';
import { divideRows, WHOLE } from '../divide-rows.ts';
import { fitLong, fitWide, type Labelled } from '../labels.ts';
import type { RunConfig } from '../run-config.ts';
import type { ResolvedTask } from '../tasks.ts';
import { repeatsOf } from './repeats.ts';

/**
 * Refuses, before anything is trained, folds and shares of the rows on which some task could not be learned.
 *
 * @throws `config-invalid`, `split-invalid`, and what a kind of task says of its labels
 */
export function checkRepeats(config: RunConfig, table: Table, tasks: readonly ResolvedTask[]): void {
  const { folds, fractions, by } = config;
  if (folds !== undefined && fractions !== undefined)
    throw new PolytaskError('config-invalid', {
      path: 'fractions',
      expected: 'folds or fractions',
      found: 'both',
      help: 'Run them one after the other.',
    });
  const learned = (choice: typeof WHOLE): Labelled => {
    const split = divideRows(config, table, tasks, choice);
    return by === undefined ? fitWide(table, tasks, split) : fitLong(table, tasks, split, by);
  };
  const repeats = repeatsOf(config);
  if (repeats.length === 0) return;
  const path = folds === undefined ? 'fractions' : 'folds';
  const unseen = new Set(learned(WHOLE).unseen);
  for (const { label, choice } of repeats) {
    const lost = inPlace(label, path, () => learned(choice)).unseen.find((name) => !unseen.has(name));
    if (lost !== undefined)
      throw new PolytaskError('split-invalid', {
        path,
        expected: 'training rows of every task',
        found: `none of "${lost}" in ${label}`,
        help: `Leave tasks with few rows out, or ask for ${folds === undefined ? 'larger shares' : 'no folds'}.`,
      });
  }
}

/** For what is done on one split of the rows. */
export function refuseRepeats(config: Pick<RunConfig, 'folds' | 'fractions'>, what: string): void {
  for (const path of ['folds', 'fractions'] as const)
    if (config[path] !== undefined)
      throw new PolytaskError('config-invalid', {
        path,
        expected: `one split of the rows for ${what}`,
        found: path,
        help: `Leave ${path} out here, and give it to "polytask fit" with settings that are chosen.`,
      });
}

/** An error that arises on some of the rows says on which. */
function inPlace<R>(label: string, path: string, work: () => R): R {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof PolytaskError) || error.path === path) throw error;
    throw error.at(`${path} (${label})${error.path === undefined ? '' : `: ${error.path}`}`);
  }
}
