import { Scorer } from '../optimization/index.ts';
import type { Prepared } from './prepare.ts';
import type { TaskFacts } from './result.ts';
import { someRows } from './training-scores.ts';

/** The tasks of a problem: how each is judged, what constants reach, how many labels there are. */
export function taskFacts({ dataset, split }: Prepared): TaskFacts[] {
  const test = new Scorer(dataset, split.test);
  const validation = new Scorer(dataset, split.validation);
  const training = new Scorer(dataset, someRows(split.train));
  return dataset.tasks.map((task, t) => {
    const { metric, baseline } = test.references[t]!;
    const constantOf = ({ references }: Scorer): number | null =>
      references[t]!.metric.name === metric.name ? references[t]!.baseline : null;
    return {
      task,
      metric: metric.name,
      higherIsBetter: metric.higherIsBetter,
      constant: baseline,
      constants: { training: constantOf(training), validation: constantOf(validation) },
      labelled: { train: task.labelled, validation: validation.counts[t]!, test: test.counts[t]! },
    };
  });
}
