import { meanOf } from '../../diagnosis/index.ts';
import { Scorer } from '../../optimization/index.ts';
import { fairMetrics } from '../fair-scores.ts';
import { affordable, flopsOf, leastOf, type Pace } from './affordable.ts';
import { type Candidate, configOf } from './candidate.ts';
import { exceedsError } from './choice.ts';
import { Contestant, type Lane, type Track } from './contestant.ts';
import { lanesOf, mayRun, type Quest } from './lanes.ts';
import type { Notes } from './notes.ts';
import { partitionsOf } from './partitions.ts';
import { race } from './race.ts';
import type { Side } from './result.ts';
import { STAGES, type Stage, type Standing, stagesOf } from './stages.ts';

/** What a search works with. */
export interface Desk extends Quest {
  readonly notes: Notes;
  readonly track: Track;
  /** Told when a stage has begun, and what leads. */
  onStage?(side: Side, stage: Stage, place: { readonly index: number; readonly of: number }): void;
}

/** The part of a budget that must be left for another round. */
const WORTH_ANOTHER = 0.2;

/** How many stay in play after a race. */
const FRONT = 3;

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

  /**
   * Runs all stages; then, as long as there is something new to try, others around the best.
   *
   * @param end where the side's part of the budget ends
   */
  async run(end: number): Promise<void> {
    const { notes, track } = this.#desk;
    const enough = WORTH_ANOTHER * (end - track.budget.spent);
    await this.#round(STAGES[this.side], end);
    for (let round = 2; ; round++) {
      const stages = stagesOf(round);
      const begun = notes.has(this.side, stages[0]!.name);
      const { left, spent } = track.budget;
      if (!begun && Math.min(left, end - spent) < enough) return;
      const tried = this.contestants.size;
      await this.#round(stages, end);
      if (this.contestants.size === tried) return;
    }
  }

  async #round(stages: readonly Stage[], end: number): Promise<void> {
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
    const candidates = stage
      .candidates(this.#standing())
      .filter((candidate) => mayRun(candidate, this.#desk, this.side) && !this.#isOut(candidate));
    this.#desk.onStage?.(this.side, stage, place);
    if (this.front.length === 0) await this.#first(candidates[0]!);
    const note = await notes.stage(this.side, stage.name, () => {
      const start = budget.spent;
      const room = share(Math.min(Math.max(0, end - start), budget.left));
      return { start, end: start + room, names: this.#affordable(candidates, room) };
    });
    const running = await this.#open(
      stage,
      candidates.filter(({ name }) => note.names.includes(name)),
    );
    // There is nothing to choose, and the last stage will train it on.
    if (running.length === 1 && place.index < place.of - 1 && this.front.length > 0) return;
    const named = new Map(running.map((one) => [one.candidate.name, one]));
    const course = {
      left: () => Math.min(Math.max(0, note.end - budget.spent), budget.left),
      progress: (one: Contestant) => one.progress(budget.limit.unit),
      advance: (one: Contestant, level: number) => one.advance(level, track),
      scoreAt: (one: Contestant, level: number) => meanOf(this.scores(one, level))!,
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

  /** Whether a candidate has run before and was left behind. */
  #isOut({ name }: Candidate): boolean {
    const entrant = this.contestants.get(name);
    return entrant !== undefined && !this.front.includes(entrant.contestant);
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
    const metrics = this.metrics(contestant, level);
    return metrics ? this.#judge(metrics) : this.#desk.seeds.map(() => Number.NEGATIVE_INFINITY);
  }

  /**
   * The same of the states by which each task alone is fairly held against one model, see `fairMetrics`.
   *
   * @param few which tasks have few labels, [task]
   */
  fairScores(contestant: Contestant, few: readonly boolean[]): number[] {
    const own = this.metrics(contestant)!;
    const { prepared, track } = this.#desk;
    const once = contestant.metricsAt(prepared, Number.POSITIVE_INFINITY, track.budget.limit.unit, true)!;
    return this.#judge(fairMetrics(own, once, few));
  }

  /** What the choice goes by, of validation metrics [seed][task]. */
  #judge(metrics: readonly (readonly (number | null)[])[]): number[] {
    const { prepared, objective } = this.#desk;
    const { replicaScores, taskScores } = this.#scorer.judge(metrics);
    if (objective === 'mean') return replicaScores as number[];
    const { tasks } = prepared.dataset;
    const ofSeeds = metrics.map((_, s) => taskScores.slice(s * tasks.length, (s + 1) * tasks.length));
    if (objective === 'worst') return ofSeeds.map((own) => Math.min(...own));
    const t = tasks.findIndex(({ name }) => name === objective);
    return ofSeeds.map((own) => own[t]!);
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

  /** The names of those that some budget is enough for. */
  #affordable(candidates: readonly Candidate[], budget: number): string[] {
    const { limit } = this.#desk.track.budget;
    const { pace } = this;
    const flops = limit.unit === 'steps' ? () => 0 : (one: Candidate) => flopsOf(this.#lanes(one));
    const least = candidates.map((one) => leastOf(flops(one), pace, limit));
    return affordable(least, budget).map((i) => candidates[i]!.name);
  }

  /** Seconds of a step of the first of all, as it has turned out. */
  get pace(): Pace {
    const [entrant] = this.contestants.values();
    const { seconds, steps, lanes } = entrant!.contestant;
    return { seconds: seconds / Math.max(1, steps), flops: flopsOf(lanes) };
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
        known?.contestant ?? (await Contestant.open(candidate, this.#lanes(candidate), folder));
      if (known === undefined) this.contestants.set(candidate.name, { contestant, stage: stage.name });
      if (!running.includes(contestant)) running.push(contestant);
    }
    return running;
  }

  /** Files are called after the order in which candidates came. */
  #lanes(candidate: Candidate): Lane[] {
    const order = [...this.contestants.keys()].indexOf(candidate.name);
    const file = `search-${this.side}-${order < 0 ? this.contestants.size : order}`;
    return lanesOf(candidate, this.#desk, this.side, file);
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
}
