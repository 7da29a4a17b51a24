import type { Measured, MeasuredTrial } from '../../diagnosis/index.ts';
import { chooseSharing } from '../../model/index.ts';
import type { RunResult, TrialResult } from '../result.ts';
import type { RunConfig } from '../run-config.ts';

/** What a run measured, as causes read it; undefined where tasks were not compared with each alone. */
export function measuredOf(result: RunResult, config: RunConfig): Measured | undefined {
  const { tasks, multi, independent, diagnosis, labels, width, data } = result;
  if (independent === undefined || diagnosis === undefined) return undefined;
  const { model, sampling, training } = config;
  return {
    tasks: tasks.map(({ task, higherIsBetter, constant, constants, labelled }) => ({
      name: task.name,
      higherIsBetter,
      constants: {
        training: constants?.training ?? null,
        validation: constants?.validation ?? null,
        test: constant,
      },
      labelled,
    })),
    trainingRows: data.rows.train,
    settings: {
      sharing: chooseSharing(model.sharing).sharing.name,
      hidden: model.hidden,
      tower: model.tower,
      dropout: model.dropout,
      objective: multi.objective,
      checkpoint: training.checkpoint,
      sampling: sampling.name,
      optimiser: training.optimiser,
    },
    diagnosis,
    multi: trialOf(multi),
    independent: trialOf(independent),
    ...(labels && { labels }),
    ...(width && { width }),
  };
}

function trialOf({ test, validation, training, curve, observed }: TrialResult): MeasuredTrial {
  return { test, validation, curve, ...(training && { training }), ...(observed && { observed }) };
}
