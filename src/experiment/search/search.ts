import type { Runtime } from '../../engine/index.ts';
import { seenTasks } from '../baselines.ts';
import type { Prepared } from '../prepare.ts';
import { type RunConfig, seedList } from '../run-config.ts';
import type { RunFolder } from '../run-folder.ts';
import type { LearningHooks } from '../train-kept.ts';
import { isCompared } from '../ways.ts';
import { Budget, type Limit } from './budget.ts';
import { conclude, type Searched } from './conclude.ts';
import type { Contestant } from './contestant.ts';
import { Notes } from './notes.ts';
import { SideSearch } from './side.ts';
import type { Stage } from './stages.ts';

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

export interface SearchHooks extends Pick<LearningHooks, 'pass' | 'ending' | 'waited'> {
  readonly signal?: AbortSignal | undefined;
  onEvent?(event: SearchEvent): void;
}

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
  const budget = new Budget(
    limit,
    notes.spent,
    () => all().reduce((sum, { steps }) => sum + steps, 0),
    hooks,
  );
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
      seeds: seedList(config),
      given: new Set(given),
      objective: config.objectiveOfChoice,
      notes,
      track: {
        runtime,
        folder,
        budget,
        signal: hooks.signal,
        pass: hooks.pass,
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
