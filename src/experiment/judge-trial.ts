import type { Runtime } from '../engine/index.ts';
import { chooseSharing, countParameters, describeModel, type ModelSpec } from '../model/index.ts';
import { chooseObjective } from '../objective/index.ts';
import { type Outputs, Scorer } from '../optimization/index.ts';
import { exportModel, seedOf } from './export.ts';
import { measureLatency } from './latency.ts';
import type { TrialResult } from './result.ts';
import { type KeptTrial, objectiveOf, openPredictor, type Trial } from './trial.ts';

/** A judged trial: what it reached, and what is needed to export one of its seeds. */
export interface TrainedTrial {
  readonly trial: Trial;
  readonly result: TrialResult;
  readonly spec: ModelSpec;
  readonly theta: Float32Array;
  /** Mean normalised validation score of each seed. */
  readonly scores: readonly number[];
  readonly testOutputs: Outputs;
}

/** Judges the states that were kept on the test rows, once. */
export async function judgeTrial(runtime: Runtime, kept: KeptTrial): Promise<TrainedTrial> {
  const { trial, spec, theta } = kept;
  const { dataset, split } = trial.prepared;
  const predict = async (rows: Int32Array): Promise<Outputs> => {
    const predictor = await openPredictor(runtime, trial, spec, rows);
    return predictor.predict(theta).finally(() => predictor.close());
  };
  const validated = await predict(split.validation);
  const scorer = new Scorer(dataset, split.validation, trial.importance);
  const final = scorer.evaluate(validated, trial.seeds.length);
  const testOutputs = await predict(split.test);
  const result = await judge(
    runtime,
    kept,
    { metrics: final.metrics, watched: validated.watched },
    testOutputs,
  );
  return { trial, spec, theta, result, scores: final.replicaScores, testOutputs };
}

async function judge(
  runtime: Runtime,
  { trial, spec, theta, checkpoint }: KeptTrial,
  validation: { readonly metrics: TrialResult['validation']; readonly watched: Outputs['watched'] },
  outputs: Outputs,
): Promise<TrialResult> {
  const { prepared, seeds, sharing, baselines } = trial;
  const scorer = new Scorer(prepared.dataset, prepared.split.test);
  const exported = exportModel(spec, prepared, seedOf(theta, seeds.length, 0));
  const last = checkpoint.history.at(-1);
  return {
    sharing: chooseSharing(sharing).sharing.name,
    objective: chooseObjective(objectiveOf(trial)).name,
    ...(baselines && { baselines }),
    test: seeds.map((_, s) => scorer.metrics(outputs, s)),
    validation: validation.metrics,
    ...(validation.watched.length > 0 && { watched: validation.watched }),
    allMetrics: prepared.dataset.tasks.map((_, t) =>
      meanRecords(seeds.map((_seed, s) => scorer.allMetrics(outputs, s, t))),
    ),
    ...(prepared.signature.long && {
      pooled: meanRecords(seeds.map((_, s) => scorer.pooledMetrics(outputs, s))),
    }),
    curve: checkpoint.history,
    parameters: countParameters(exported.parameters),
    architecture: describeModel(spec, prepared.signature),
    trainSeconds: last?.seconds ?? 0,
    steps: last?.step ?? 0,
    stepsPerEpoch: last === undefined ? 0 : last.step / last.epoch,
    latencyMs: await measureLatency(runtime.name, exported.program),
    fileBytes: exported.program.bytes.length,
  };
}

/** Means of records with equal keys; null wherever one is. */
function meanRecords(records: readonly Record<string, number | null>[]): Record<string, number | null> {
  return Object.fromEntries(
    Object.keys(records[0]!).map((name) => {
      const values = records.map((record) => record[name]!);
      const undefinedSomewhere = values.some((value) => value === null);
      return [
        name,
        undefinedSomewhere ? null : (values as number[]).reduce((a, b) => a + b, 0) / values.length,
      ];
    }),
  );
}
