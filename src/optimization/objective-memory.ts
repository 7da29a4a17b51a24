import type { MediatorSpec } from '../engine/index.ts';
import { AGGREGATOR, type AggregatorSettings, epochInputs, type ReplicaTask } from '../objective/index.ts';
import { meanLosses, type StepOutputs } from './history.ts';
import { epochInputName, factsOf } from './objective-in-step.ts';
import type { ObjectiveMemory, TrainingSetup } from './training.ts';

/** A vector for each replica, by the input of the step that it is fed to. */
export type EpochInputs = ReadonlyMap<string, readonly (readonly number[])[]>;

/** What decides between the halves of a step where gradients are aggregated. */
export function mediatorOf({ objective, graph, seeds }: TrainingSetup): MediatorSpec | undefined {
  if (objective.aggregation === undefined) return undefined;
  const { aggregation, options } = objective.aggregation;
  const settings: AggregatorSettings = {
    aggregation: { name: aggregation.name, ...options },
    tasks: graph.tasks.map(({ name }) => name),
    seeds,
  };
  return { name: AGGREGATOR, settings };
}

/**
 * What the weighting's host side says of the coming epoch.
 *
 * @param past mean losses of the epochs before
 */
export function inputsOfEpoch(setup: TrainingSetup, past: ObjectiveMemory['epochs']): EpochInputs {
  const each = past.map((own, s) => epochInputs(setup.objective.weighting, own, tasksOf(setup, s)));
  return new Map(Object.keys(each[0]!).map((name) => [epochInputName(name), each.map((own) => own[name]!)]));
}

function tasksOf({ graph, baselines }: TrainingSetup, replica: number): ReplicaTask[] {
  const own = baselines?.[replica];
  return factsOf(graph.tasks).map((task, t) => (own === undefined ? task : { ...task, baseline: own[t]! }));
}

/** The mean losses with those of one more epoch, where the weighting looks at them. */
export function rememberEpoch(
  setup: TrainingSetup,
  past: ObjectiveMemory['epochs'],
  told: readonly StepOutputs[],
): ObjectiveMemory['epochs'] {
  if (inputsOfEpoch(setup, past).size === 0) return past;
  const means = meanLosses(
    told.map(({ losses }) => losses!),
    setup.seeds.length,
  );
  return past.map((own, s) => [...own, means[s]!]);
}
