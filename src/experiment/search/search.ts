import { meanOf, pairedInterval, relativeChanges } from '../../diagnosis/index.ts';
import type { Interval } from '../../diagnosis/interval.ts';
import type { Runtime } from '../../engine/index.ts';
import { Scorer } from '../../optimization/index.ts';
import { seenTasks } from '../baselines.ts';
import { chooseBest } from '../choose.ts';
import { type Judged, judgeParts, predictWith } from '../judge.ts';
import type { Part } from '../part.ts';
import type { Prepared } from '../prepare.ts';
import { resampledDeltas } from '../resample.ts';
import type { RunConfig } from '../run-config.ts';
import type { RunFolder } from '../run-folder.ts';
import { isCompared, type Learned } from '../ways.ts';
import { Budget, type Limit } from './budget.ts';
import { betterAlone, exceedsError } from './choice.ts';
import type { Contestant } from './contestant.ts';
import { leaderboardOf } from './leaderboard.ts';
import { Notes } from './notes.ts';
import type { ChosenPart, SearchResult } from './result.ts';
import { SideSearch } from './side.ts';
import type { Stage } from './stages.ts';
import { describeSearch } from './words.ts';

/** How a search goes. */
export interface SearchEvent {
  readonly phase: 'searching';
  readonly side: SideSearch['side'];
  readonly stage: string;
  /** Which of how many stages of the side. */
  readonly index: number;
  readonly of: number;
  /** Who is being trained. */
  readonly candidate?: string;
  readonly spent: number;
  readonly limit: Limit;
  /** Who leads its side so far. */
  readonly leader?: string;
  readonly tried: number;
}

export interface SearchHooks {
  readonly signal?: AbortSignal | undefined;
  onEvent?(event: SearchEvent): void;
}

/** What a run learned by searching. */
export type Searched = Learned & Required<Pick<Learned, 'best' | 'search'>>;

/**
 * Finds the best way to learn the tasks within a limit, and the best way to learn each alone within as much, on the
 * validation rows; judges what came out on the test rows, once.
 *
 * @param given paths of the settings that the user has made: they stay as they are
 */
export async function search(
  folder: RunFolder,
  config: RunConfig,
  prepared: Prepared,
  runtime: Runtime,
  given: readonly string[],
  hooks: SearchHooks = {},
): Promise<Searched> {
  const limit = limitOf(config);
  const notes = await Notes.open(folder);
  const compares = isCompared(config, prepared);
  const sides: SideSearch[] = [];
  const all = (): Contestant[] =>
    sides.flatMap(({ contestants }) => [...contestants.values()].map(({ contestant }) => contestant));
  const budget = new Budget(limit, notes.spent, () => all().reduce((sum, { steps }) => sum + steps, 0));
  let stage: Omit<SearchEvent, 'phase' | 'spent' | 'limit' | 'tried'> | undefined;
  const tell = (candidate?: string): void => {
    if (stage === undefined) return;
    hooks.onEvent?.({
      phase: 'searching',
      ...stage,
      ...(candidate !== undefined && { candidate }),
      spent: budget.spent,
      limit,
      tried: all().length,
    });
  };
  const sideOf = (side: SideSearch['side'], own: Prepared): SideSearch => {
    const search = new SideSearch(side, {
      config,
      prepared: own,
      seeds: Array.from({ length: config.seeds }, (_, i) => config.seed + i),
      given: new Set(given),
      objective: config.objectiveOfChoice,
      notes,
      track: {
        runtime,
        folder,
        budget,
        signal: hooks.signal,
        onProgress: (contestant) => tell(contestant.candidate.name),
      },
      onStage: (_, { name }: Stage, place) => {
        const leader = search.front[0]?.candidate.name;
        stage = { side, stage: name, ...place, ...(leader !== undefined && { leader }) };
        tell();
      },
    });
    sides.push(search);
    return search;
  };
  const together = sideOf('together', prepared);
  await together.run(compares ? limit.total / 2 : limit.total);
  const alone = compares ? sideOf('alone', seenTasks(prepared)) : undefined;
  await alone?.run(budget.spent + limit.total / 2);
  return conclude(runtime, config, prepared, together, alone, limit);
}

function limitOf({ stepLimit, timeLimit }: RunConfig): Limit {
  return stepLimit === undefined
    ? { unit: 'seconds', total: timeLimit! }
    : { unit: 'steps', total: stepLimit };
}

async function conclude(
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
  const [theirs, own] = [together.scores(joint), alone.scores(apart)];
  if (exceedsError(own.map((score, s) => score - theirs[s]!))) return separate;
  // One task decides: there is nothing to divide.
  if (config.objectiveOfChoice !== 'mean') return all;
  const outputs = await Promise.all(
    [joint.parts(), [whole]].map((parts) => predictWith(runtime, prepared, parts, 'validation')),
  );
  const resampled = resampledDeltas(prepared, outputs[0]!, outputs[1]!, config.seed, 'validation');
  const leaves = betterAlone(together.taskScores(joint)!, alone.taskScores(apart)!, resampled);
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
