import { RandomStream } from '../../common/random.ts';
import type { ChosenAggregation } from './compose.ts';

/** What holds of a method's directions, found by trying. */
export interface AggregationProperties {
  /** Jd ≥ 0: no task gets worse to first order. */
  readonly nonConflicting: boolean;
  /** The direction stays the same where a loss is multiplied by a positive number. */
  readonly scaleInvariant: boolean;
  /** The direction stays the same where tasks change places. */
  readonly permutationInvariant: boolean;
  /** d = 0 where no direction helps all tasks. */
  readonly stationarySafe: boolean;
}

/** Gradients (rows) and losses of a first step. */
export interface PropertyProblem {
  readonly jacobian: readonly Float64Array[];
  readonly losses: Float64Array;
}

/** Gives the direction d of a first step, [n]; random numbers are the same each time. */
export type DirectionOf = (problem: PropertyProblem) => Float64Array | Promise<Float64Array>;

/**
 * Tries the first step of a method on a fixed battery of gradients, some of which conflict.
 *
 * @param directionOf where given, the method itself: for those that need more than a Gramian
 */
export async function propertiesOf(
  chosen: ChosenAggregation,
  directionOf: DirectionOf = (problem) => combined(problem, firstWeights(chosen, problem)),
): Promise<AggregationProperties> {
  const found = {
    nonConflicting: true,
    scaleInvariant: true,
    permutationInvariant: true,
    stationarySafe: true,
  };
  for (const problem of PROBLEMS) {
    const d = await directionOf(problem);
    found.nonConflicting &&= problem.jacobian.every(
      (row) => product(row, d) >= -TOLERANCE * length(row) * length(d),
    );
    found.scaleInvariant &&= alike(d, await directionOf(scaled(problem)));
    found.permutationInvariant &&= alike(d, await directionOf(turned(problem)));
  }
  for (const problem of STATIONARY)
    found.stationarySafe &&=
      length(await directionOf(problem)) <= 1e-3 * Math.max(...problem.jacobian.map(length));
  return found;
}

/** The weights of a first step. */
export function firstWeights(
  { aggregation, options }: ChosenAggregation,
  { jacobian, losses }: PropertyProblem,
): Float64Array {
  const tasks = jacobian.length;
  const input = {
    names: jacobian.map((_, t) => `task${t}`),
    gramian: gramianOf(jacobian),
    losses,
    present: new Array<boolean>(tasks).fill(true),
    step: 0,
    random: new RandomStream(0, 'properties'),
  };
  return aggregation.step(input, aggregation.init(tasks, options), options).weights;
}

/** JJᵀ, [T, T] */
export function gramianOf(jacobian: readonly Float64Array[]): Float64Array {
  const tasks = jacobian.length;
  return Float64Array.from({ length: tasks * tasks }, (_, k) =>
    product(jacobian[Math.floor(k / tasks)]!, jacobian[k % tasks]!),
  );
}

/** Jᵀα, [n] */
export function combined({ jacobian }: PropertyProblem, weights: Float64Array): Float64Array {
  const direction = new Float64Array(jacobian[0]!.length);
  jacobian.forEach((row, t) => {
    row.forEach((value, k) => {
      direction[k] = direction[k]! + weights[t]! * value;
    });
  });
  return direction;
}

const TOLERANCE = 1e-6;

function product(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, k) => sum + value * b[k]!, 0);
}

const length = (vector: Float64Array): number => Math.hypot(...vector);

/** Whether two vectors have the same direction. */
function alike(a: Float64Array, b: Float64Array): boolean {
  const [one, other] = [length(a), length(b)];
  return a.every((value, k) => Math.abs(value / one - b[k]! / other) <= TOLERANCE);
}

/** Each loss, and so its gradient, times a number of its own. */
function scaled({ jacobian, losses }: PropertyProblem): PropertyProblem {
  const scale = (task: number): number => 10 ** ((task % 3) - 1.5);
  return {
    jacobian: jacobian.map((row, task) => row.map((value) => value * scale(task))),
    losses: losses.map((loss, task) => loss * scale(task)),
  };
}

/** Each task in the place of the next. */
function turned({ jacobian, losses }: PropertyProblem): PropertyProblem {
  return {
    jacobian: [...jacobian.slice(1), jacobian[0]!],
    losses: Float64Array.of(...losses.slice(1), losses[0]!),
  };
}

const random = new RandomStream(0, 'battery');

/** Random gradients of unlike lengths, in just so many dimensions that some direction helps all tasks. */
const PROBLEMS: readonly PropertyProblem[] = Array.from({ length: 60 }, (_, round) => {
  const tasks = 2 + (round % 5);
  const size = tasks + (round % 3);
  return {
    jacobian: Array.from({ length: tasks }, (_, t) =>
      Float64Array.from(
        { length: size },
        (_, k) => 3 ** random.normal(2000 + t, round) * random.normal(t * size + k, round),
      ),
    ),
    losses: Float64Array.from({ length: tasks }, (_, t) => 0.1 + random.uniform(1000 + t, round)),
  };
});

const rows = (...jacobian: readonly (readonly number[])[]): PropertyProblem => ({
  jacobian: jacobian.map((row) => Float64Array.from(row)),
  losses: new Float64Array(jacobian.length).fill(1),
});

/** Gradients that cancel with positive weights, unlike in length. */
const STATIONARY: readonly PropertyProblem[] = [
  rows([1, 0], [-0.5, 1], [-0.5, -0.8]),
  rows([2, 1], [-1, -0.5]),
  rows([1, 0, 0], [0, 2, 0], [0, 0, 3], [-1, -1, -1]),
];
