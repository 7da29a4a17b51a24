import { PolytaskError } from '../../common/error.ts';
import { Scorer } from '../../optimization/index.ts';
import { checkMethods } from '../check-methods.ts';
import { ofTasks } from '../of-tasks.ts';
import { type Prepared, withNumeric } from '../prepare.ts';
import type { RunConfig } from '../run-config.ts';
import type { Trial } from '../trial.ts';
import { type Candidate, configOf, pathsOf } from './candidate.ts';
import { exceedsError } from './choice.ts';
import { Contestant, type Lane, type Track } from './contestant.ts';
import type { Notes } from './notes.ts';
import { partitionsOf } from './partitions.ts';
import { race, rungsOf } from './race.ts';
import type { ObjectiveOfChoice, Side } from './result.ts';
import { STAGES, type Stage, type Standing } from './stages.ts';

/** What a search works with. */
export interface Desk {
  readonly config: RunConfig;
  readonly prepared: Prepared;
  readonly seeds: readonly number[];
  /** Settings that the user has made, by their paths: they stay. */
  readonly given: ReadonlySet<string>;
  readonly objective: ObjectiveOfChoice;
  readonly notes: Notes;
  readonly track: Track;
  /** Told when a stage has begun, and what leads. */
  onStage?(side: Side, stage: Stage, place: { readonly index: number; readonly of: number }): void;
}

/** Steps that each contestant should have in a rung, and seconds that it takes to begin with them. */
const LEAST_STEPS = 250;
const START_SECONDS = 0.5;
/** How many stay in play after a race. */
const FRONT = 3;
const MOST_EPOCHS = 10_000;

/** Who ran, and the stage in which that began. */
export interface Entrant {
  readonly contestant: Contestant;
  readonly stage: string;
}

/** One side of a search: its stages one after the other, each building on the best so far. */
export class SideSearch {
  readonly side: Side;
  readonly #desk: Desk;
  readonly #scorer: Scorer;
  /** All who ever ran, by name; with the stage that they began in. */
  readonly contestants: Map<string, Entrant> = new Map();
  /** Best first. */
  front: readonly Contestant[] = [];

  constructor(side: Side, desk: Desk) {
    this.side = side;
    this.#desk = desk;
    const { dataset, split } = desk.prepared;
    this.#scorer = new Scorer(dataset, split.validation);
  }

  /** Runs all stages. @param end where the side's part of the budget ends */
  async run(end: number): Promise<void> {
    const stages = STAGES[this.side];
    for (const [index, stage] of stages.entries()) {
      const weights = stages.slice(index).reduce((sum, { weight }) => sum + weight, 0);
      await this.#stage(stage, (left) => (left * stage.weight) / weights, end, { index, of: stages.length });
    }
  }

  async #stage(
    stage: Stage,
    share: (left: number) => number,
    end: number,
    place: { readonly index: number; readonly of: number },
  ): Promise<void> {
    const { notes, track } = this.#desk;
    const { budget } = track;
    const candidates = stage.candidates(this.#standing()).filter((candidate) => this.#mayRun(candidate));
    this.#desk.onStage?.(this.side, stage, place);
    if (this.front.length === 0) await this.#first(candidates[0]!);
    const note = await notes.stage(this.side, stage.name, () => {
      const start = budget.spent;
      const room = share(Math.max(0, end - start));
      return { start, end: start + room, most: most(candidates.length, room / this.#least()) };
    });
    const running = await this.#open(stage, candidates.slice(0, note.most));
    // There is nothing to choose, and the last stage will train it on.
    if (running.length === 1 && place.index < place.of - 1 && this.front.length > 0) return;
    const named = new Map(running.map((one) => [one.candidate.name, one]));
    const course = {
      left: () => Math.max(0, note.end - budget.spent),
      progress: (one: Contestant) => one.progress(budget.limit.unit),
      advance: (one: Contestant, level: number) => one.advance(level, track),
      scoreAt: (one: Contestant, level: number) => meanOf(this.scores(one, level)),
    };
    const { ranking, level } = await race(
      running,
      course,
      notes.record(note, named, () => budget.spent),
    );
    const incumbent = this.front[0];
    this.front = [...new Set([...this.#withIncumbent(ranking, incumbent, level), ...this.front])].slice(
      0,
      FRONT,
    );
    for (const one of ranking) if (!this.front.includes(one)) await one.rest(track.folder);
  }

  /** Nobody takes the place of the best before him by chance: only by more than the seeds scatter. */
  #withIncumbent(
    ranking: readonly Contestant[],
    incumbent: Contestant | undefined,
    level: number,
  ): readonly Contestant[] {
    const [winner] = ranking as [Contestant];
    if (incumbent === undefined || winner === incumbent || !ranking.includes(incumbent)) return ranking;
    const [theirs, own] = [winner, incumbent].map((one) => this.scores(one, level)) as [number[], number[]];
    return exceedsError(theirs.map((score, s) => score - own[s]!)) ? ranking : [incumbent, ...ranking];
  }

  /** What the choice goes by, of each seed, of the states that a contestant had kept at a level. */
  scores(contestant: Contestant, level: number = Number.POSITIVE_INFINITY): number[] {
    const { prepared, objective, seeds } = this.#desk;
    const tasks = this.taskScores(contestant, level);
    if (tasks === undefined) return seeds.map(() => Number.NEGATIVE_INFINITY);
    if (objective === 'mean')
      return this.#scorer.judge(this.metrics(contestant, level)!).replicaScores as number[];
    if (objective === 'worst') return tasks.map((own) => Math.min(...own));
    const t = prepared.dataset.tasks.findIndex(({ name }) => name === objective);
    return tasks.map((own) => own[t]!);
  }

  /** Normalised validation scores, [seed][task]. */
  taskScores(contestant: Contestant, level: number = Number.POSITIVE_INFINITY): number[][] | undefined {
    const metrics = this.metrics(contestant, level);
    if (metrics === undefined) return undefined;
    const { taskScores } = this.#scorer.judge(metrics);
    const tasks = this.#desk.prepared.dataset.tasks.length;
    return metrics.map((_, s) => taskScores.slice(s * tasks, (s + 1) * tasks));
  }

  metrics(contestant: Contestant, level: number = Number.POSITIVE_INFINITY): (number | null)[][] | undefined {
    return contestant.metricsAt(this.#desk.prepared, level, this.#desk.track.budget.limit.unit);
  }

  /** What a contestant must at least be given in each rung to be worth its start, by the pace of the side so far. */
  #least(): number {
    const { unit } = this.#desk.track.budget.limit;
    if (unit === 'steps') return LEAST_STEPS;
    const [seconds, steps] = [...this.contestants.values()].reduce(
      ([s, n], { contestant }) => [s + contestant.seconds, n + contestant.steps],
      [0, 0],
    );
    return START_SECONDS + (LEAST_STEPS * seconds) / Math.max(1, steps);
  }

  /** The first of all takes its first steps, by which the pace is known. */
  async #first(candidate: Candidate): Promise<void> {
    const [contestant] = await this.#open(STAGES[this.side][0]!, [candidate]);
    await contestant!.advance(0, this.#desk.track);
  }

  async #open(stage: Stage, candidates: readonly Candidate[]): Promise<Contestant[]> {
    const { folder } = this.#desk.track;
    const running: Contestant[] = [];
    for (const candidate of candidates) {
      const known = this.contestants.get(candidate.name);
      const contestant =
        known?.contestant ??
        (await Contestant.open(candidate, this.#lanes(candidate, this.contestants.size), folder));
      if (known === undefined) this.contestants.set(candidate.name, { contestant, stage: stage.name });
      if (!running.includes(contestant)) running.push(contestant);
    }
    return running;
  }

  #standing(): Standing {
    const { config, prepared } = this.#desk;
    const best = this.front[0]?.candidate ?? { name: 'as configured', settings: {} };
    const { model, training } = configOf(config, best.settings);
    const { features } = prepared.dataset;
    return {
      best,
      front: this.front.map(({ candidate }) => candidate),
      hidden: model.hidden,
      dropout: model.dropout,
      learningRate: training.learningRate,
      batchSize: training.batchSize,
      size: {
        rows: prepared.split.train.length,
        features: features.numeric.names.length + features.categorical.names.length + features.text.length,
      },
      partitions: this.front[0] === undefined ? [] : partitionsOf(this.front[0]),
    };
  }

  /** Whether a candidate leaves alone what the user has said, and goes together. */
  #mayRun({ settings, groups }: Candidate): boolean {
    const { given, prepared } = this.#desk;
    if (pathsOf(settings).some((path) => given.has(path))) return false;
    if (groups !== undefined && given.has('model.sharing')) return false;
    try {
      const own = this.#configOf(settings);
      checkMethods(own, withNumeric(prepared, own.model.numeric).signature);
      return true;
    } catch (error) {
      if (!(error instanceof PolytaskError)) throw error;
      return false;
    }
  }

  #configOf(settings: Candidate['settings']): RunConfig {
    const { config: base, given } = this.#desk;
    const own = configOf(base, settings);
    // The budget ends a training, or its patience.
    const maxEpochs = given.has('training.maxEpochs') ? own.training.maxEpochs : MOST_EPOCHS;
    const config = { ...own, training: { ...own.training, maxEpochs } };
    if (this.side === 'together') return config;
    const model = { ...config.model, sharing: 'independent', flow: 'none', conditioning: 'none' };
    return { ...config, model, objective: 'equal' };
  }

  /** A trial for each group of tasks. @param index of the candidate, by which its files are called */
  #lanes({ settings, groups }: Candidate, index: number): Lane[] {
    const { prepared, seeds, objective } = this.#desk;
    const config = this.#configOf(settings);
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
        ...(this.side === 'together' && serves.length > 1 && { affinity: config.affinity }),
        ...(serves.includes(objective) && {
          importance: own.dataset.tasks.map(({ name }) => Number(name === objective)),
        }),
      };
      return { trial, file: `search-${this.side}-${index}-${g}`, serves };
    });
  }
}

/** How many of so many can run where each rung of each needs its least part: as many as there is room for, two in any case. */
function most(candidates: number, parts: number): number {
  for (let count = candidates; count > 2; count--) if (count * rungsOf(count) <= parts) return count;
  return Math.min(2, candidates);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
