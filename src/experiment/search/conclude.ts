import { type Interval, meanOf, pairedInterval, relativeChanges } from '../../diagnosis/index.ts';
import type { Runtime } from '../../engine/index.ts';
import { Scorer } from '../../optimization/index.ts';
import { chooseBest } from '../choose.ts';
import { haveFew } from '../fair-scores.ts';
import { type Judged, judgeParts, predictWith } from '../judge.ts';
import type { Part } from '../part.ts';
import type { Prepared } from '../prepare.ts';
import { resampledDeltas } from '../resample.ts';
import type { RunConfig } from '../run-config.ts';
import type { Learned } from '../ways.ts';
import type { Limit } from './budget.ts';
import { allBetterAlone, betterAlone } from './choice.ts';
import { leaderboardOf } from './leaderboard.ts';
import type { ChosenPart, SearchResult } from './result.ts';
import type { SideSearch } from './side.ts';
import { describeSearch } from './words.ts';

/** What a run learned by searching. */
export type Searched = Learned & Required<Pick<Learned, 'best' | 'search'>>;

/** Chooses what is exported on the validation rows, and judges it, and what it is compared with, on the test rows. */
export async function conclude(
  runtime: Runtime,
  config: RunConfig,
  prepared: Prepared,
  together: SideSearch,
  alone: SideSearch | undefined,
  limit: Limit,
): Promise<Searched> {
  const [joint, apart] = [together.front[0]!, alone?.front[0]];
  const chosen = await choose(runtime, config, prepared, together, alone);
  const multi = await judgeParts(runtime, prepared, joint.parts());
  const independent = apart && (await judgeParts(runtime, prepared, apart.parts()));
  const best =
    chosen.way === 'each alone'
      ? independent!
      : chosen.way === 'parts'
        ? await judgeParts(runtime, prepared, chosen.models)
        : multi;
  const found = {
    objective: config.objectiveOfChoice,
    limit,
    best: { together: joint.candidate.name, ...(apart && { alone: apart.candidate.name }) },
    leaderboard: leaderboardOf([together, ...(alone ? [alone] : [])]),
    chosen: {
      way: chosen.way,
      parts: chosen.parts,
      ...(independent && gainOf(best, independent, prepared)),
    },
  };
  return {
    multi,
    ...(independent && { independent }),
    best: chooseBest(best),
    search: { ...found, words: describeSearch(found) },
  };
}

interface Choice {
  readonly way: SearchResult['chosen']['way'];
  readonly parts: readonly ChosenPart[];
  readonly models: readonly Part[];
}

/** One model or its groups; each task alone where that is better; or, of each task, what is clearly better for it. */
async function choose(
  runtime: Runtime,
  config: RunConfig,
  prepared: Prepared,
  together: SideSearch,
  alone: SideSearch | undefined,
): Promise<Choice> {
  const joint = together.front[0]!;
  const names = prepared.dataset.tasks.map(({ name }) => name);
  const jointParts = joint.parts().map(({ kept, serves }) => ({ side: 'together' as const, kept, serves }));
  const all: Choice = {
    way: joint.lanes.length > 1 ? 'groups' : 'one model',
    parts: jointParts.map(({ serves }) => ({ side: 'together', name: joint.candidate.name, tasks: serves })),
    models: jointParts,
  };
  const apart = alone?.front[0];
  if (alone === undefined || apart === undefined) return all;
  const [whole] = apart.parts() as [Part];
  const aloneFor = (tasks: readonly string[]): ChosenPart => ({
    side: 'alone',
    name: apart.candidate.name,
    tasks,
  });
  const separate: Choice = { way: 'each alone', parts: [aloneFor(names)], models: [whole] };
  const outputs = await Promise.all(
    [joint.parts(), [whole]].map((parts) => predictWith(runtime, prepared, parts, 'validation')),
  );
  const labels = new Scorer(prepared.dataset, prepared.split.validation).counts;
  const resampled = resampledDeltas(prepared, outputs[0]!, outputs[1]!, config.seed, 'validation');
  if (
    allBetterAlone(
      { together: together.scores(joint), alone: alone.fairScores(apart, haveFew(labels)) },
      judgedBy(config, names, resampled),
    )
  )
    return separate;
  // One task decides: there is nothing to divide.
  if (config.objectiveOfChoice !== 'mean') return all;
  const leaves = betterAlone({
    together: together.taskScores(joint)!,
    alone: alone.taskScores(apart)!,
    resampled,
    labels,
  });
  const leaving = names.filter((_, t) => leaves[t]);
  if (leaving.length === 0) return all;
  const staying = joint
    .parts()
    .map(({ kept, serves }) => ({ kept, serves: serves.filter((name) => !leaving.includes(name)) }))
    .filter(({ serves }) => serves.length > 0);
  return {
    way: staying.length === 0 ? 'each alone' : 'parts',
    parts: [
      ...staying.map(({ serves }) => ({
        side: 'together' as const,
        name: joint.candidate.name,
        tasks: serves,
      })),
      aloneFor(leaving),
    ],
    models: [...staying, { kept: whole.kept, serves: leaving }],
  };
}

/** The tasks by which the choice is made: one where that is the objective. */
function judgedBy<T>(
  { objectiveOfChoice }: RunConfig,
  names: readonly string[],
  of: readonly T[],
): readonly T[] {
  const t = names.indexOf(objectiveOfChoice);
  return t < 0 ? of : [of[t]!];
}

/** Δ of what was chosen over each task alone, on the test rows, paired over seeds. */
function gainOf(
  best: Judged,
  independent: Judged,
  { dataset, split }: Prepared,
): Pick<SearchResult['chosen'], 'delta' | 'deltas'> {
  const { references } = new Scorer(dataset, split.test);
  const changes = relativeChanges(
    best.result.test,
    independent.result.test,
    references.map(({ metric }) => metric.higherIsBetter),
  );
  const known = (values: readonly (number | null)[]): Interval | null =>
    pairedInterval(values.filter((value) => value !== null));
  return {
    delta: known(changes.map(meanOf)),
    deltas: Object.fromEntries(
      dataset.tasks.map(({ name }, t) => [name, known(changes.map((seed) => seed[t] ?? null))]),
    ),
  };
}
