import { describe, expect, test } from 'vitest';
import { Ascending, aggregate, inputOf, problemOf } from './fixture.test-support.ts';
import { combined } from './properties.ts';
import { AGGREGATIONS, chooseAggregation } from './registry.ts';

const PROBLEM = problemOf([
  [1, 2, 0, 1],
  [-2, 1, 1, 0],
  [0.5, -1, 2, -1],
]);
const TWO = problemOf([
  [-4, 1, 1],
  [6, 1, 1],
]);
function close(found: ArrayLike<number>, expected: readonly number[], digits = 9): void {
  expect(found).toHaveLength(expected.length);
  expected.forEach((value, k) => {
    expect(found[k], `${found}`).toBeCloseTo(value, digits);
  });
}

describe('limits of one method are another', () => {
  const direction = (spec: string): Float64Array => {
    const { direction } = aggregate(spec, PROBLEM);
    const length = Math.hypot(...direction);
    return direction.map((value) => value / length);
  };

  test.each([
    ['cagrad:c=0', 'mean', 9],
    ['cagrad:c=1000000', 'mgda', 5],
    ['fairgrad:alpha=1', 'nash', 9],
    ['pe-ltr:given=1', 'mean', 9],
    ['pe-ltr:given=0', 'mgda', 9],
    ['mgda:normalise=l2', 'imtl-g', 9],
  ])('%s is %s', (one, other, digits) => {
    close(direction(one), [...direction(other)], digits);
  });
});

describe('preferences', () => {
  const preference = Float64Array.of(2, 1, 1);
  test.each([
    'mean',
    'cagrad:c=0.1',
    'nash',
    'fairgrad',
    'aligned',
    'upgrad',
    'dualproj',
    'conflict-free',
    'pe-ltr:given=1',
    'sdmgrad',
  ])('%s: what is preferred gets along faster, and equal ones change nothing', (name) => {
    const progress = (preference?: Float64Array): number => {
      const { direction } = aggregate(name, PROBLEM, { ...(preference && { preference }) });
      const [first] = PROBLEM.jacobian;
      return first!.reduce((sum, value, k) => sum + value * direction[k]!, 0) / Math.hypot(...direction);
    };
    expect(progress(preference)).toBeGreaterThan(progress() + 1e-3);
    expect(progress(Float64Array.of(3, 3, 3))).toBeCloseTo(progress(), 9);
  });

  test('Nash: Gα = p/α', () => {
    const { weights } = aggregate('nash:clip=0', PROBLEM, { preference });
    const { gramian } = inputOf(PROBLEM);
    const share = [0, 1, 2].map(
      (i) => weights[i]! * [0, 1, 2].reduce((sum, j) => sum + gramian[3 * i + j]! * weights[j]!, 0),
    );
    close([share[0]! / share[1]!, share[2]! / share[1]!], [2, 1]);
  });

  test('a task of preference 0 has no say in bargaining', () => {
    const { weights } = aggregate('nash', PROBLEM, { preference: Float64Array.of(1, 0, 1) });
    expect(weights[1]).toBe(0);
    expect(Math.min(weights[0]!, weights[2]!)).toBeGreaterThan(0);
  });
});

describe('methods by hand', () => {
  test('Aligned: all singular values become the least, the median, or the root of the mean square', () => {
    // Orthogonal gradients of lengths 1, 2 and 4.
    const problem = problemOf([
      [1, 0, 0],
      [0, 2, 0],
      [0, 0, 4],
    ]);
    close(aggregate('aligned', problem).direction, [1 / 3, 1 / 3, 1 / 3]);
    close(aggregate('aligned:scale=median', problem).direction, [2 / 3, 2 / 3, 2 / 3]);
    const root = Math.sqrt(7) / 3;
    close(aggregate('aligned:scale=rmse', problem).direction, [root, root, root]);
  });

  test('PE-LTR: every task keeps its least weight', () => {
    // Multiple-gradient descent gives (1, 0) here.
    const problem = problemOf([
      [1, 0],
      [3, 0],
    ]);
    close(aggregate('mgda', problem).weights, [1, 0]);
    close(aggregate('pe-ltr', problem).weights, [0.75, 0.25]);
  });

  test('normalised multiple-gradient descent weighs by what it divided by', () => {
    const problem = problemOf(
      [
        [2, 0],
        [0, 1],
      ],
      [4, 1],
    );
    close(aggregate('mgda:normalise=l2', problem).weights, [1 / 3, 2 / 3]);
    // Divided by losses: (½, 0) and (0, 1); hull weights ⅘ and ⅕, over 4 and 1.
    close(aggregate('mgda:normalise=loss', problem).weights, [0.5, 0.5]);
    // By both: (¼, 0) and (0, 1): 16/17 and 1/17, over 8 and 1.
    close(aggregate('mgda:normalise=loss+', problem).weights, [2 / 3, 1 / 3]);
  });

  test('SDMGrad goes to the weights of multiple-gradient descent as λ vanishes', () => {
    close(aggregate('sdmgrad:lambda=0,lr=0.05,iterations=500', TWO, {}, 3).weights, [0.6, 0.4], 6);
    const { weights } = aggregate('sdmgrad:lambda=0.5,lr=0.05,iterations=500', TWO, {}, 3);
    // min ‖g_w + ½g₀‖: first coordinate 6 − 10w₁ + ½ = 0; d has weights (w + ¼)/1.5.
    close(weights, [0.9 / 1.5, 0.6 / 1.5], 6);
  });

  test('SDMGrad steps with momentum', () => {
    const cross = Float64Array.of(1, 0, 0, 1);
    // Slopes are the weights themselves here, from (¾, ¼) on.
    const { aggregation, options } = chooseAggregation('sdmgrad:lambda=0,lr=0.1,iterations=2');
    const state = { inner: [0.75, 0.25], kept: [] };
    const { weights } = aggregation.step(inputOf(TWO, { cross }), state, options);
    // First step: (.75 − .075, .25 − .025) + .05 = (.725, .275); velocity (1.1, .4): (.615, .235) + .075.
    close(weights, [0.69, 0.31]);
  });

  test('of two batches too, absent tasks are left out', () => {
    const cross = Float64Array.of(1, 9, 0, 9, 9, 9, 0, 9, 2);
    const { weights } = aggregate('modo:gamma=0.1', PROBLEM, { cross, present: [true, false, true] });
    close(weights, [0.525, 0, 0.475]);
  });

  test('SDMGrad and MoDo take the product of two batches, which need not be symmetric', () => {
    const cross = Float64Array.of(1, 0.5, -0.5, 2);
    // λ − γ(Aλ + ρλ) from (½, ½): (½ − .1·(.75 + .05), ½ − .1·(.75 + .05)).
    close(aggregate('modo:gamma=0.1', TWO, { cross }).weights, [0.5, 0.5]);
    close(aggregate('modo:gamma=0.1', TWO, { cross: Float64Array.of(1, 0, 0, 2) }).weights, [0.525, 0.475]);
    const one = aggregate('sdmgrad', TWO, { cross }).weights;
    expect([...one]).not.toEqual([...aggregate('sdmgrad', TWO).weights]);
  });

  test('MoCo follows the gradient of ½‖Yᵀλ‖² on the simplex', () => {
    // λ − .01(Gλ): G(½, ½) = (−2, 8); (½ + .02, ½ − .08) moved back by (−.06)/2 each.
    close(aggregate('moco:gamma=0.01', TWO).weights, [0.55, 0.45]);
    // ρ shrinks λ towards 0 before it is projected, which a softmax feels.
    close(aggregate('moco:gamma=0.01,rho=10', TWO, {}, 2).weights, mocoByHand(10));
    const [a, b] = [Math.exp(0.52), Math.exp(0.42)];
    close(aggregate('moco:gamma=0.01,onto=softmax', TWO).weights, [a / (a + b), b / (a + b)]);
  });

  test('DB-MTL makes all as long as the longest', () => {
    close(
      aggregate(
        'db-mtl',
        problemOf([
          [3, 4],
          [0, 1],
          [0, 0],
        ]),
      ).weights,
      [1, 5, 0],
    );
  });

  test('gradient vaccine with three tasks, as vectors', () => {
    const { aggregation, options } = chooseAggregation('gradvac');
    const goals = [0, 0.5, 0.2, 0.3, 0, -0.1, 0.6, 0.4, 0];
    const state = { inner: { goals, tasks: 3 }, kept: [] };
    const found = aggregation.step(inputOf(PROBLEM, { random: new Ascending() }), state, options);
    const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, k) => sum + v * b[k]!, 0);
    const expected = new Float64Array(4);
    PROBLEM.jacobian.forEach((row, i) => {
      let p = row;
      PROBLEM.jacobian.forEach((other, j) => {
        const [long, short] = [Math.sqrt(dot(p, p)), Math.sqrt(dot(other, other))];
        const [cosine, goal] = [dot(p, other) / long / short, goals[3 * i + j]!];
        if (i === j || cosine >= goal) return;
        const open = Math.sqrt(1 - goal ** 2);
        const turn = (long * (goal * Math.sqrt(1 - cosine ** 2) - cosine * open)) / (short * open);
        p = p.map((value, k) => value + turn * other[k]!);
        expect(dot(p, other) / Math.sqrt(dot(p, p)) / short).toBeCloseTo(goal, 12);
      });
      p.forEach((value, k) => {
        expected[k]! += value;
      });
    });
    close(combined(PROBLEM, found.weights), [...expected]);
  });

  test('Krum counts T − b − 2 neighbours', () => {
    // On a line at 0, 1, 3, 6 and 7, b = 1: two neighbours each, sums 10, 5, 13, 10 and 17.
    const problem = problemOf([[0], [1], [3], [6], [7]]);
    close(aggregate('krum', problem).weights, [0, 1, 0, 0, 0]);
    // b = 0: three, 46, 30, 22, 35 and 53.
    close(aggregate('krum:outliers=0', problem).weights, [0, 0, 1, 0, 0]);
  });

  test('Krum alone trusts the one whose neighbours are nearest', () => {
    close(
      aggregate(
        'krum',
        problemOf([
          [0, 0],
          [1, 0],
          [1.5, 0],
          [50, 0],
        ]),
      ).weights,
      [0, 1, 0, 0],
    );
  });

  test('CR-MOGM averages weights, of a method with options of its own', () => {
    const { aggregation, options } = chooseAggregation('cr-mogm:of=cagrad:c=0,decay=0.75');
    const inner = { name: 'cagrad', c: 0 };
    expect(chooseAggregation({ name: 'cr-mogm', of: inner, decay: 0.75 }).options).toMatchObject({
      of: inner,
    });
    let state = aggregation.init(2, options);
    const weights = [Float64Array.of(1, 3), Float64Array.of(2, 2)].map((preference, step) => {
      const found = aggregation.step(inputOf(TWO, { step, preference }), state, options);
      state = found.state;
      return [...found.weights];
    });
    close(weights[0]!, [0.25, 0.75]);
    close(weights[1]!, [0.75 * 0.25 + 0.25 * 0.5, 0.75 * 0.75 + 0.25 * 0.5]);
  });
});

describe('composition', () => {
  test('a warm-up of equal weights', () => {
    expect([...aggregate('mgda:warmup=2', TWO, {}, 2).weights]).toEqual([1, 1]);
    close(aggregate('mgda:warmup=2', TWO, {}, 3).weights, [0.6, 0.4]);
  });

  test('least and greatest weights', () => {
    close(aggregate('mgda:min=0.5', TWO).weights, [0.6, 0.5]);
    close(aggregate('mgda:max=0.5,min=0.45', TWO).weights, [0.5, 0.45]);
    expect(aggregate('mgda:min=0.5', TWO, { present: [true, false] }).weights[1]).toBe(0);
  });

  test('weights that are kept, unless a task comes that has none', () => {
    const { aggregation, options } = chooseAggregation('mgda:every=3');
    let state = aggregation.init(3, options);
    const at = (step: number, problem: typeof PROBLEM, present: boolean[]): number[] => {
      const found = aggregation.step(inputOf(problem, { step, present }), state, options);
      state = JSON.parse(JSON.stringify(found.state));
      return [...found.weights];
    };
    const doubled = { ...PROBLEM, jacobian: PROBLEM.jacobian.map((row, t) => row.map((v) => v * (t + 1))) };
    const first = at(0, PROBLEM, [true, true, false]);
    expect(at(1, doubled, [true, true, false])).toEqual(first);
    expect(at(2, doubled, [true, false, false])).toEqual([first[0], 0, 0]);
    const second = at(2, doubled, [true, true, true]);
    expect(second).not.toEqual(first);
    expect(at(4, PROBLEM, [true, true, true])).toEqual(second);
    const third = at(6, PROBLEM, [true, true, false]);
    expect(third).not.toEqual(second);
    // One that was absent when weights were found keeps those that it had.
    expect(at(7, PROBLEM, [true, true, true])).toEqual([third[0], third[1], second[2]]);
  });

  test('what gives a direction has no weights to bound', () => {
    expect(Object.keys(AGGREGATIONS.graddrop!.options)).toEqual(['leak']);
  });
});

describe('choosing', () => {
  test('defaults, text and objects', () => {
    expect(chooseAggregation('cagrad').options).toMatchObject({ c: 0.5, rescale: 'squared', every: 1 });
    expect(chooseAggregation('cagrad:c=0.4,rescale=none').options).toMatchObject({ c: 0.4, rescale: 'none' });
    expect(chooseAggregation({ name: 'nash', every: 10 }).options).toMatchObject({ clip: 1, every: 10 });
  });

  test.each([
    ['pcgra', 'objective-unknown', 'objective', /pcgrad/],
    ['constructor', 'objective-unknown', 'objective', /Known/],
    ['cagrad:d=1', 'objective-invalid', 'objective.d', /./],
    ['cagrad:c=-1', 'objective-invalid', 'objective.c', /0.5/],
    ['mgda:normalise=max', 'objective-invalid', 'objective.normalise', /none/],
    ['cr-mogm:of=nothing', 'objective-unknown', 'objective.of', /Known/],
    ['cr-mogm:of=graddrop', 'objective-invalid', 'objective.of', /mgda/],
    ['cr-mogm:of=cr-mogm', 'objective-invalid', 'objective.of', /mgda/],
    ['fairgrad:alpha=0', 'objective-invalid', 'objective.alpha', /slowest/],
  ])('refuses %s', (spec, code, path, help) => {
    expect(() => chooseAggregation(spec)).toThrow(
      expect.objectContaining({ code, path, help: expect.stringMatching(help) }),
    );
  });
});

/** Two steps of MoCo with γ = 0.01 from equal weights, on the simplex where no weight reaches 0. */
function mocoByHand(rho: number): number[] {
  let [a, b] = [0.5, 0.5];
  for (const rate of [0.01, 0.01 / Math.SQRT2]) {
    const [x, y] = [a - rate * (18 * a - 22 * b + rho * a), b - rate * (38 * b - 22 * a + rho * b)];
    [a, b] = [x + (1 - x - y) / 2, y + (1 - x - y) / 2];
  }
  return [a, b];
}
