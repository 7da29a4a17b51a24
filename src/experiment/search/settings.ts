import { PolytaskError, suggest } from '../../common/error.ts';
import { chooseObjective, needsBaselines } from '../../objective/index.ts';
import type { Prepared } from '../prepare.ts';
import type { RunConfig, RunConfigInput } from '../run-config.ts';
import type { RunRecord } from '../run-folder.ts';
import { configOf, pathsOf } from './candidate.ts';
import type { SearchResult } from './result.ts';

/** Whether a run searches: it is told to, or has a limit and is not told otherwise. */
export function chooses({
  choose,
  timeLimit,
  stepLimit,
}: Pick<RunConfig, 'choose' | 'timeLimit' | 'stepLimit'>): boolean {
  return choose ?? (timeLimit !== undefined || stepLimit !== undefined);
}

/** The settings of the joint way that a run tells of: those that a search found, without the search. */
export function settledConfig(config: RunConfig, search: SearchResult | undefined): RunConfig {
  if (search === undefined) return config;
  const { together } = search.best;
  const { settings } = search.leaderboard.find(({ side, name }) => side === 'together' && name === together)!;
  const { timeLimit: _, stepLimit: __, ...settled } = configOf(config, settings);
  return { ...settled, choose: false };
}

/**
 * What a run that searches writes down of itself: which settings the user has made.
 *
 * @throws config-invalid for settings that do not go with a search
 */
export function searchRecord(
  config: RunConfig,
  input: RunConfigInput,
  { dataset }: Pick<Prepared, 'dataset'>,
): Required<Pick<RunRecord, 'given'>> {
  const { timeLimit, stepLimit, objectiveOfChoice, folds, fractions } = config;
  const refuse = (path: string, expected: string, found: string, help: string): never => {
    throw new PolytaskError('config-invalid', { path, expected, found, help });
  };
  if (timeLimit === undefined && stepLimit === undefined)
    refuse('choose', 'a limit of the search', 'none', 'Set timeLimit (seconds) or stepLimit as well.');
  if (timeLimit !== undefined && stepLimit !== undefined)
    refuse('stepLimit', 'one limit', 'timeLimit as well', 'Keep one of the two.');
  const names = dataset.tasks.map(({ name }) => name);
  if (!['mean', 'worst', ...names].includes(objectiveOfChoice))
    refuse(
      'objectiveOfChoice',
      'mean, worst, or a task',
      objectiveOfChoice,
      suggest(objectiveOfChoice, names),
    );
  for (const [path, value] of Object.entries({ folds, fractions }))
    if (value !== undefined)
      refuse(path, 'no search', 'one', 'Search first, then set what it found, with choose: false.');
  const objective = chooseObjective(config.objective);
  if (needsBaselines(objective))
    refuse(
      'objective',
      'one that needs no models of each task alone first',
      objective.name,
      'Set choose: false.',
    );
  if (config.training.checkpoint === 'task')
    refuse(
      'training.checkpoint',
      'mean',
      'task',
      'A search judges one state of all tasks; or set choose: false.',
    );
  return { given: pathsOf(input) };
}
