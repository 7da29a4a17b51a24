import { RandomStream } from '../../src/common/random.ts';
import type { FitInput, Tasks } from '../../src/index.ts';

/** A small problem of which it is known whether sharing pays, and why. */
export interface KnownProblem {
  readonly family: string;
  readonly seed: number;
  readonly input: FitInput<Tasks>;
  readonly answer: {
    readonly verdicts: readonly string[];
    /** At least one of these must be found. */
    readonly causes?: readonly string[];
    /** Tasks that the cause must name, and no other. */
    readonly tasks?: readonly string[];
    /** Layers in which the gradients pull apart, and no other. */
    readonly layers?: readonly string[];
    /** Tasks that belong together. */
    readonly groups?: readonly (readonly number[])[];
    /** No difference beyond 1 % is claimed, and no cause speaks against sharing. */
    readonly equal?: boolean;
  };
  /** Whether the cause takes models of twice the width to tell. */
  readonly probe?: boolean;
}

type Inputs = readonly number[];
type Target = (x: Inputs) => number;

/** Draws from the standard normal distribution, one after the other. */
class Draws {
  readonly #stream: RandomStream;
  #next = 0;

  constructor(family: string, seed: number) {
    this.#stream = new RandomStream(seed, `known/${family}`);
  }

  normal(): number {
    return this.#stream.normal(this.#next++);
  }

  uniform(): number {
    return this.#stream.uniform(this.#next++, 1);
  }

  /** A direction of length 1, at right angles to others. */
  direction(size: number, ...others: readonly Inputs[]): number[] {
    let own = Array.from({ length: size }, () => this.normal());
    for (const other of others) {
      const along = dot(own, other);
      own = own.map((value, i) => value - along * other[i]!);
    }
    const length = Math.hypot(...own);
    return own.map((value) => value / length);
  }

  /** A smooth function of so many directions in the inputs, of variance about 1. */
  function(size: number, directions: number): Target {
    const ways: number[][] = [];
    for (let i = 0; i < directions; i++) ways.push(this.direction(size, ...ways));
    return (x) =>
      ways.reduce((sum, way) => sum + Math.tanh(1.5 * dot(way, x)), 0) / (0.75 * Math.sqrt(directions));
  }
}

const dot = (a: Inputs, b: Inputs): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

/** What bends along one direction. */
const bent =
  (way: Inputs): Target =>
  (x) =>
    1.3 * Math.tanh(1.5 * dot(way, x));

interface Shape {
  readonly rows: number;
  readonly inputs: number;
  readonly hidden: readonly number[];
  readonly noise: number;
  readonly split?: string;
  readonly sharing?: string;
  readonly seeds?: number;
  /** The share of rows that have a label of each task. */
  readonly labelled?: number;
}

/** Rows with normal inputs and, for each task, its target and noise of its own. */
function problem(
  draws: Draws,
  {
    rows,
    inputs,
    hidden,
    noise,
    split = '0.5/0.25/0.25',
    sharing = 'shared-bottom',
    seeds = 5,
    labelled = 1,
  }: Shape,
  targets: Readonly<Record<string, Target>>,
): FitInput<Tasks> {
  const names = Object.keys(targets);
  const data = Array.from({ length: rows }, () => {
    const x = Array.from({ length: inputs }, () => draws.normal());
    return Object.fromEntries([
      ...x.map((value, i) => [`x${i}`, value]),
      ...names.map((name) => {
        const label = targets[name]!(x) + noise * draws.normal();
        return [name, labelled === 1 || draws.uniform() < labelled ? label : null];
      }),
    ]) as Record<string, number | null>;
  });
  return {
    data,
    tasks: Object.fromEntries(names.map((name) => [name, { kind: 'regression' }])) as unknown as Tasks,
    split,
    model: { sharing, hidden, activation: 'tanh', dropout: 0 },
    affinity: 'first-order:every=5',
    training: { maxEpochs: 150, batchSize: 32, learningRate: 0.01, patience: 10 },
    seeds,
    threads: 1,
  };
}

type Family = (seed: number) => Omit<KnownProblem, 'family' | 'seed'>;

const named = (targets: readonly Target[]): Record<string, Target> =>
  Object.fromEntries(targets.map((target, i) => ['abcdef'.charAt(i), target]));

export const FAMILIES: Readonly<Record<string, Family>> = {
  /** Multiples of one function, in noise that rows of all tasks together average out. */
  related: (seed) => {
    const draws = new Draws('related', seed);
    const f = draws.function(8, 3);
    const signs = [1, -1, 1.5, -0.7, 1.2, -1.3];
    return {
      input: problem(
        draws,
        { rows: 500, inputs: 8, hidden: [16], noise: 0.3, split: '0.2/0.3/0.5', labelled: 0.5, seeds: 10 },
        named(signs.map((sign) => (x) => sign * f(x))),
      ),
      answer: { verdicts: ['share'], causes: ['label-correlation', 'overfitting'] },
    };
  },
  /** Functions of directions that have nothing in common, through a trunk that holds a part of them. */
  unrelated: (seed) => {
    const draws = new Draws('unrelated', seed);
    const targets = [1, 2, 3].map(() => draws.function(6, 2));
    return {
      input: problem(draws, { rows: 500, inputs: 6, hidden: [3], noise: 0.2 }, named(targets)),
      answer: { verdicts: ['separate'], causes: ['interference', 'capacity'] },
      probe: true,
    };
  },
  /** Two directions at right angles want the one unit of the first layer; the second has room for both. */
  opposed: (seed) => {
    const draws = new Draws('opposed', seed);
    const one = draws.direction(6);
    const other = draws.direction(6, one);
    return {
      input: problem(
        draws,
        { rows: 500, inputs: 6, hidden: [1, 8], noise: 0.2 },
        named([one, other].map(bent)),
      ),
      answer: { verdicts: ['separate'], causes: ['interference'], layers: ['trunk/mlp/0'] },
    };
  },
  /** The same inputs, opposite targets, and not even an output layer of one's own. */
  contrary: (seed) => {
    const draws = new Draws('contrary', seed);
    const f = draws.function(6, 2);
    return {
      input: problem(
        draws,
        { rows: 500, inputs: 6, hidden: [8], noise: 0.2, sharing: 'shared-bottom:heads=shared' },
        named([f, (x) => -f(x)]),
      ),
      answer: {
        verdicts: ['separate'],
        causes: ['interference'],
        layers: ['trunk/mlp/0', 'heads/regression/mse/none'],
      },
    };
  },
  /** Two tasks that are learned well, and one of nothing but rare and large errors. */
  noisy: (seed) => {
    const draws = new Draws('noisy', seed);
    const one = draws.direction(6);
    const other = draws.direction(6, one);
    const shape = { rows: 300, inputs: 6, hidden: [16], noise: 0.2, split: '0.2/0.3/0.5', seeds: 10 };
    return {
      input: problem(draws, shape, { ...named([one, other].map(bent)), noise: () => draws.normal() ** 7 }),
      answer: { verdicts: ['separate', 'mixed'], causes: ['noisy-task'], tasks: ['noise'] },
    };
  },
  /** Two functions of three tasks each, and a trunk for one. */
  clusters: (seed) => {
    const draws = new Draws('clusters', seed);
    const [f, g] = [draws.function(6, 2), draws.function(6, 2)];
    return {
      input: problem(
        draws,
        { rows: 400, inputs: 6, hidden: [3], noise: 0.3 },
        named([f, g, (x) => -f(x), (x) => 1.4 * g(x), (x) => 1.2 * f(x), (x) => -g(x)]),
      ),
      answer: {
        verdicts: ['separate', 'mixed'],
        groups: [
          [0, 2, 4],
          [1, 3, 5],
        ],
      },
    };
  },
  /** As many rows as inputs count several times over, and no more. */
  tiny: (seed) => {
    const draws = new Draws('tiny', seed);
    const f = draws.function(10, 1);
    return {
      input: problem(
        draws,
        { rows: 700, inputs: 10, hidden: [16], noise: 0.3, split: '0.15/0.25/0.6', labelled: 0.3, seeds: 8 },
        named([1, -1, 1.2, 0.8, -1.1, 0.9].map((scale) => (x) => scale * f(x))),
      ),
      answer: { verdicts: ['share'], causes: ['overfitting'] },
    };
  },
  /** Four directions at right angles through two units: wide enough for each alone, too narrow for all. */
  narrow: (seed) => {
    const draws = new Draws('narrow', seed);
    const ways: number[][] = [];
    for (let i = 0; i < 4; i++) ways.push(draws.direction(6, ...ways));
    return {
      input: problem(draws, { rows: 500, inputs: 6, hidden: [2], noise: 0.2 }, named(ways.map(bent))),
      answer: { verdicts: ['separate'], causes: ['capacity'] },
      probe: true,
    };
  },
  /** Nothing to be learned, or room enough for two functions that have nothing in common: no difference to be found. */
  equal: (seed) => {
    const draws = new Draws('equal', seed);
    const nothing = seed % 2 === 0;
    const targets = nothing ? [() => 0, () => 0] : [draws.function(4, 2), draws.function(4, 2)];
    return {
      input: problem(draws, { rows: 1200, inputs: 4, hidden: [16], noise: 1 }, named(targets)),
      answer: { verdicts: ['undecided', 'share'], equal: true },
    };
  },
};

/** How many problems of each family make forty, five of each kind. */
export const FORTY: Readonly<Record<keyof typeof FAMILIES, number>> = {
  related: 5,
  unrelated: 5,
  opposed: 3,
  contrary: 2,
  noisy: 5,
  clusters: 5,
  tiny: 5,
  narrow: 5,
  equal: 5,
};

/** The forty problems from a first seed on. */
export function knownProblems(from: number): KnownProblem[] {
  return Object.entries(FORTY).flatMap(([family, count]) =>
    Array.from({ length: count }, (_, i) => ({ family, seed: from + i, ...FAMILIES[family]!(from + i) })),
  );
}
