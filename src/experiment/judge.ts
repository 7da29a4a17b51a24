import type { Runtime } from '../engine/index.ts';
import { chooseSharing, countParameters, describeModel } from '../model/index.ts';
import { chooseObjective } from '../objective/index.ts';
import { type Outputs, Scorer } from '../optimization/index.ts';
import { batchesOf } from './batches.ts';
import { dividedParts, exportParts } from './export-parts.ts';
import { fairScores } from './fair-scores.ts';
import { observedIn } from './grouping/observe.ts';
import { measureLatency } from './latency.ts';
import { modelPart } from './model-part.ts';
import { assembleCurve, assembleOutputs, type Part, wholeOf } from './part.ts';
import type { Prepared } from './prepare.ts';
import type { TrialResult } from './result.ts';
import { trainingScores } from './training-scores.ts';
import { type KeptTrial, objectiveOf, openPredictor } from './trial.ts';

/** What was learned, judged: what it reached, and what is needed to export one of its seeds. */
export interface Judged {
  /** The whole problem. */
  readonly prepared: Prepared;
  readonly seeds: readonly number[];
  readonly parts: readonly Part[];
  readonly result: TrialResult;
  /** Mean normalised validation score of each seed. */
  readonly scores: readonly number[];
  /** Of each task alone: the scores by which it is held against one model, see `fairMetrics`. */
  readonly fair?: readonly number[] | undefined;
  /** What was predicted for the validation rows, by which states were chosen. */
  readonly validationOutputs: Outputs;
  readonly testOutputs: Outputs;
}

/** Judges one model on the test rows, once. */
export function judgeTrial(runtime: Runtime, kept: KeptTrial): Promise<Judged> {
  return judgeParts(runtime, kept.trial.prepared, [wholeOf(kept)]);
}

/** Judges models that divide the tasks of a problem on the test rows, once. */
export async function judgeParts(
  runtime: Runtime,
  prepared: Prepared,
  parts: readonly Part[],
): Promise<Judged> {
  const { dataset, split } = prepared;
  const { trial } = parts[0]!.kept;
  const { seeds } = trial;
  const scorer = new Scorer(dataset, split.validation, trial.importance);
  const validated = await predictWith(runtime, prepared, parts, 'validation');
  const { metrics, replicaScores } = scorer.evaluate(validated, seeds.length);
  const testOutputs = await predictWith(runtime, prepared, parts, 'test');
  const judged = { prepared, seeds, parts, testOutputs };
  const result = await resultOf(runtime, judged, { metrics, watched: validated.watched });
  const fair = parts.length === 1 ? fairScores(parts[0]!.kept, scorer) : undefined;
  return { ...judged, validationOutputs: validated, result, scores: replicaScores, fair };
}

/** What parts predict for the rows of one side. */
export async function predictWith(
  runtime: Runtime,
  prepared: Prepared,
  parts: readonly Part[],
  side: 'validation' | 'test',
): Promise<Outputs> {
  const asked = parts.map(({ kept }) => kept.trial.prepared.split[side]);
  const outputs: Outputs[] = [];
  for (const [p, { kept }] of parts.entries()) {
    const predictor = await openPredictor(runtime, kept.trial, kept.spec, asked[p]!);
    outputs.push(await predictor.predict(kept.theta).finally(() => predictor.close()));
  }
  if (parts.length === 1) return outputs[0]!;
  return assembleOutputs(prepared, parts, prepared.split[side], asked, outputs);
}

async function resultOf(
  runtime: Runtime,
  judged: Pick<Judged, 'prepared' | 'seeds' | 'parts' | 'testOutputs'>,
  validation: { readonly metrics: TrialResult['validation']; readonly watched: Outputs['watched'] },
): Promise<TrialResult> {
  const { prepared, seeds, parts, testOutputs } = judged;
  const scorer = new Scorer(prepared.dataset, prepared.split.test);
  const exported = exportParts(dividedParts(parts.map((part) => modelPart(part, [0]))), {
    signature: prepared.signature,
    tasks: prepared.dataset.tasks,
  });
  const { trial, spec, checkpoint } = parts[0]!.kept;
  const curve = parts.length === 1 ? checkpoint.history : assembleCurve(prepared, parts);
  const last = curve.at(-1);
  const everyMetric = seeds.map((_, s) =>
    prepared.dataset.tasks.map((_task, t) => scorer.allMetrics(testOutputs, s, t)),
  );
  // What one of several models showed is not of all tasks.
  const observed = parts.length === 1 ? observedIn(checkpoint) : undefined;
  return {
    sharing: namesOf(parts, ({ sharing }) => chooseSharing(sharing).sharing.name),
    objective: namesOf(parts, (own) => chooseObjective(objectiveOf(own)).name),
    ...(trial.baselines && { baselines: trial.baselines }),
    test: seeds.map((_, s) => scorer.metrics(testOutputs, s)),
    validation: validation.metrics,
    training: await trainingScores(runtime, prepared, parts),
    ...(validation.watched.length > 0 && { watched: validation.watched }),
    everyMetric,
    allMetrics: prepared.dataset.tasks.map((_, t) => meanRecords(everyMetric.map((seed) => seed[t]!))),
    ...(prepared.signature.long && {
      pooled: meanRecords(seeds.map((_, s) => scorer.pooledMetrics(testOutputs, s))),
    }),
    curve,
    ...(observed && { observed }),
    parameters: countParameters(exported.parameters),
    ...(parts.length === 1 && { architecture: describeModel(spec, prepared.signature) }),
    trainSeconds: last?.seconds ?? 0,
    steps: last?.step ?? 0,
    ...(parts.length === 1 && { rowsPerStep: batchesOf(trial).sampler.rowsPerStep }),
    stepsPerEpoch: last === undefined ? 0 : last.step / last.epoch,
    latencyMs: await measureLatency(runtime.name, exported.program),
    fileBytes: exported.program.bytes.length,
  };
}

/** What parts are called, each name once. */
function namesOf(parts: readonly Part[], of: (trial: KeptTrial['trial']) => string): string {
  return [...new Set(parts.map(({ kept }) => of(kept.trial)))].join(' + ');
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
