/** What a race needs to know of those who run; each is trained further from where it stands. */
export interface Course<C> {
  /** What is left of the budget of the race. */
  left(): number;
  /** How far a contestant has come, in units of the budget. */
  progress(contestant: C): number;
  /** Takes a contestant to a level of training, measured from its beginning. */
  advance(contestant: C, level: number): Promise<void>;
  /** How good its best state up to a level is; higher is better, −∞ where it has none. */
  scoreAt(contestant: C, level: number): number;
}

/** A rung as it was planned: all are taken to `level`, and nobody begins with less than `end` left. */
export interface RungPlan {
  readonly level: number;
  readonly end: number;
}

/** A record of rungs, by which a race that was stopped is run again up to where it was. */
export interface Record<C> {
  plan(rung: number): RungPlan | undefined;
  planned(rung: number, plan: RungPlan): Promise<void>;
  /** Best first. */
  ranking(rung: number): readonly C[] | undefined;
  ranked(rung: number, ranking: readonly C[]): Promise<void>;
}

/** How many contestants stay behind for one that goes on, and one. */
const REDUCTION = 3;

export const rungsOf = (contestants: number): number =>
  Math.max(1, Math.ceil(Math.log(contestants) / Math.log(REDUCTION) - 1e-9));

/**
 * Successive halving: every rung has the same part of the budget, takes all who are left to the same level of training,
 * and lets the better third go on, so that most is spent on what looks best. Trainings go on from where they stand; who has
 * come further than a level is judged by what it was there.
 *
 * K. Jamieson, A. Talwalkar: Non-stochastic best arm identification and hyperparameter optimization. AISTATS 2016.
 *
 * @returns the contestants, best first; those who left in a later rung before those who left earlier
 */
export async function race<C>(
  contestants: readonly C[],
  course: Course<C>,
  record: Record<C>,
): Promise<{ readonly ranking: readonly C[]; readonly level: number }> {
  const rungs = rungsOf(contestants.length);
  let running: readonly C[] = contestants;
  let left: readonly C[] = [];
  let level = 0;
  for (let rung = 0; rung < rungs; rung++) {
    const plan = record.plan(rung) ?? planOf(course, running, rungs - rung);
    await record.planned(rung, plan);
    const ranking = record.ranking(rung) ?? (await run(running, course, plan));
    await record.ranked(rung, ranking);
    level = plan.level;
    const kept = Math.ceil(running.length / REDUCTION);
    left = [...ranking.slice(kept), ...left];
    running = ranking.slice(0, kept);
  }
  return { ranking: [...running, ...left], level };
}

function planOf<C>(course: Course<C>, running: readonly C[], rungsLeft: number): RungPlan {
  const left = course.left();
  const share = left / rungsLeft;
  return { level: levelOf(running.map(course.progress), share), end: left - share };
}

/** The level to which all can be taken for an amount, Σ max(0, level − pᵢ) = amount: who is beyond it costs nothing. */
export function levelOf(progress: readonly number[], amount: number): number {
  const sorted = [...progress].sort((a, b) => a - b);
  let sum = 0;
  for (const [i, own] of sorted.entries()) {
    sum += own;
    const level = (amount + sum) / (i + 1);
    if (level <= (sorted[i + 1] ?? Number.POSITIVE_INFINITY)) return level;
  }
  return amount;
}

async function run<C>(running: readonly C[], course: Course<C>, { level, end }: RungPlan): Promise<C[]> {
  const late = new Set<C>();
  for (const [i, contestant] of running.entries()) {
    // Who would begin after the end of the rung has nothing to show; the first one always runs.
    if (i > 0 && course.left() <= end) late.add(contestant);
    else await course.advance(contestant, level);
  }
  const scores = new Map(
    running.map((one) => [one, late.has(one) ? Number.NEGATIVE_INFINITY : course.scoreAt(one, level)]),
  );
  // The sort is stable: who was named first stands first among equals.
  return [...running].sort((a, b) => difference(scores.get(b)!, scores.get(a)!));
}

/** Equal infinities are equal, not NaN apart. */
const difference = (a: number, b: number): number => (a === b ? 0 : a - b);
