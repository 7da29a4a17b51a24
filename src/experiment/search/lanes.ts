import { PolytaskError } from '../../common/error.ts';
import { checkMethods } from '../check-methods.ts';
import { ofTasks } from '../of-tasks.ts';
import { type Prepared, withNumeric } from '../prepare.ts';
import type { RunConfig } from '../run-config.ts';
import type { Trial } from '../trial.ts';
import { type Candidate, configOf, pathsOf } from './candidate.ts';
import type { Lane } from './contestant.ts';
import type { ObjectiveOfChoice, Side } from './result.ts';

/** What a search is about. */
export interface Quest {
  readonly config: RunConfig;
  readonly prepared: Prepared;
  readonly seeds: readonly number[];
  /** Settings that the user has made, by their paths: they stay. */
  readonly given: ReadonlySet<string>;
  readonly objective: ObjectiveOfChoice;
}

/** The budget ends a training, or its patience. */
const MOST_EPOCHS = 10_000;

/** A trial for each group of tasks. @param file what its checkpoints are called after */
export function lanesOf({ settings, groups }: Candidate, quest: Quest, side: Side, file: string): Lane[] {
  const { prepared, seeds, objective } = quest;
  const config = sideConfig(settings, quest, side);
  const whole = withNumeric(prepared, config.model.numeric);
  const all = whole.dataset.tasks.map(({ name }) => name);
  return (groups ?? [all]).map((serves, g): Lane => {
    const own = ofTasks(whole, serves);
    const { sharing, flow } = config.model;
    const trial: Trial = {
      sharing,
      flow,
      objective: config.objective,
      config,
      prepared: own,
      seeds,
      ...(side === 'together' && serves.length > 1 && { affinity: config.affinity }),
      ...(serves.includes(objective) && {
        importance: own.dataset.tasks.map(({ name }) => Number(name === objective)),
      }),
    };
    return { trial, file: `${file}-${g}`, serves };
  });
}

/** Whether a candidate leaves alone what the user has said, and goes together. */
export function mayRun({ settings, groups }: Candidate, quest: Quest, side: Side): boolean {
  const { given, prepared } = quest;
  if (pathsOf(settings).some((path) => given.has(path))) return false;
  if (groups !== undefined && given.has('model.sharing')) return false;
  try {
    const own = sideConfig(settings, quest, side);
    checkMethods(own, withNumeric(prepared, own.model.numeric).signature);
    return true;
  } catch (error) {
    if (!(error instanceof PolytaskError)) throw error;
    return false;
  }
}

function sideConfig(settings: Candidate['settings'], { config: base, given }: Quest, side: Side): RunConfig {
  const own = configOf(base, settings);
  const maxEpochs = given.has('training.maxEpochs') ? own.training.maxEpochs : MOST_EPOCHS;
  const config = { ...own, training: { ...own.training, maxEpochs } };
  if (side === 'together') return config;
  const model = { ...config.model, sharing: 'independent', flow: 'none', conditioning: 'none' };
  return { ...config, model, objective: 'equal' };
}
