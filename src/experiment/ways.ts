import type { Runtime } from '../engine/index.ts';
import { areSeparate, chooseFlow, chooseSharing } from '../model/index.ts';
import { chooseObjective, needsBaselines } from '../objective/index.ts';
import { baselinesOf, seenTasks } from './baselines.ts';
import { type Judged, judgeTrial } from './judge.ts';
import type { Prepared } from './prepare.ts';
import { type RunConfig, seedList } from './run-config.ts';
import type { Checkpoints } from './run-folder.ts';
import type { SearchResult } from './search/result.ts';
import { type LearningHooks, trainKept } from './train-kept.ts';
import type { KeptTrial, Trial } from './trial.ts';

/** What a run learned: as it was asked to, and, where there is something to compare, each task alone. */
export interface Learned {
  readonly multi: Judged;
  readonly independent?: Judged;
  /** What is exported, where that was chosen among more than these two. */
  readonly best?: { readonly trained: Judged; readonly seed: number };
  readonly search?: SearchResult;
}

type Way = Required<Pick<Trial, 'sharing' | 'flow' | 'objective'>>;

/** What a run compares with, and what some objectives weigh by. */
const ALONE: Way = { sharing: 'independent', flow: 'none', objective: 'equal' };

/** Learns in the ways that a run is about, and judges what they reach. */
export async function learn(...run: Parameters<typeof trainWays>): Promise<Learned> {
  const [, , , runtime] = run;
  const { multi, independent } = await trainWays(...run);
  return {
    multi: await judgeTrial(runtime, multi),
    ...(independent && { independent: await judgeTrial(runtime, independent) }),
  };
}

/**
 * Trains the ways of learning that a run is about, each over all seeds. Each task alone goes last, unless the objective
 * weighs by what that reaches: then it goes first, whether or not it is compared with.
 */
export async function trainWays(
  folder: Checkpoints,
  config: RunConfig,
  prepared: Prepared,
  runtime: Runtime,
  hooks: LearningHooks,
): Promise<{ readonly multi: KeptTrial; readonly independent?: KeptTrial }> {
  const { sharing, flow } = config.model;
  const asked: Way = { sharing, flow, objective: config.objective };
  const weighs = needsBaselines(chooseObjective(config.objective));
  const compares = isCompared(config, prepared);
  const ways = weighs ? [ALONE, asked] : compares ? [asked, ALONE] : [asked];
  const seeds = seedList(config);
  const train = (way: Way, trial: Trial): Promise<KeptTrial> => {
    const told = {
      name: nameOf(way),
      sharing: chooseSharing(way.sharing).sharing.name,
      trial: ways.indexOf(way) + 1,
      trials: ways.length,
    };
    return trainKept(runtime, folder, trial, told, hooks);
  };
  const trainAlone = (): Promise<KeptTrial> =>
    train(ALONE, { ...ALONE, config, prepared: seenTasks(prepared), seeds });
  const before = weighs ? await trainAlone() : undefined;
  const baselines = before && (await baselinesOf(runtime, before, prepared.dataset.tasks.length));
  const { affinity } = config;
  const trial = { ...asked, affinity, config, prepared, seeds, ...(baselines && { baselines }) };
  const multi = await train(asked, trial);
  if (!compares) return { multi };
  return { multi, independent: before ?? (await trainAlone()) };
}

/** Whether there is something to compare, and known to both sides. */
export function isCompared({ baseline, model }: RunConfig, { unseen, dataset }: Prepared): boolean {
  return baseline !== false && unseen.length === 0 && dataset.tasks.length > 1 && !areSeparate(model);
}

/** What the files of a trial are called after. */
export function nameOf({ sharing, flow, objective }: Way): string {
  const [by, under] = [chooseFlow(flow).flow.name, chooseObjective(objective).name];
  const more = [...(by === 'none' ? [] : [by]), ...(under === 'equal' ? [] : [under])];
  return [chooseSharing(sharing).sharing.name, ...more].join('+');
}
