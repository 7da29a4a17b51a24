import { describe, expect, test } from 'vitest';
import { RandomStream } from '../common/random.ts';
import { type Point, TOY_PARETO, TOY_STARTS, toy } from './toy.ts';
import { aggregationRule, famoRule, followToy, type ToyRule } from './toy-paths.ts';

test('gradients are those of the losses', () => {
  const random = new RandomStream(0, 'points');
  for (let k = 0; k < 200; k++) {
    const point: Point = [20 * random.uniform(2 * k) - 10, 20 * random.uniform(2 * k + 1) - 10];
    const { gradients } = toy(point, 0.3);
    for (const axis of [0, 1]) {
      const moved = (by: number): Float64Array =>
        toy([point[0] + (axis === 0 ? by : 0), point[1] + (axis === 1 ? by : 0)], 0.3).losses;
      const [up, down] = [moved(1e-6), moved(-1e-6)];
      for (const task of [0, 1])
        expect(gradients[task]![axis]!).toBeCloseTo((up[task]! - down[task]!) / 2e-6, 3);
    }
  }
});

test('trap: the slope of a clamp passes at its boundary, or (0, 0) would be flat', () => {
  const { losses, gradients } = toy([0, 0]);
  expect([...losses]).toEqual([0, 0]);
  // c₁ and c₂ have slopes of ½ and −½ there: (f − q)/2 in x₂.
  expect(gradients[0]![1]).toBeCloseTo((Math.log(3.5) + 6 + 20 - 5.54) / 2, 12);
  expect(gradients[1]![1]).toBeCloseTo((Math.log(3.5) + 6 + 20 - 5.54) / 2, 12);
});

test('the best mean is where the table says', () => {
  const { losses, gradients } = toy([0, TOY_PARETO.at]);
  expect(losses[0]).toBeCloseTo(-15.09, 2);
  expect(losses[1]).toBeCloseTo(-15.09, 2);
  expect(gradients[0]![0] + gradients[1]![0]).toBeCloseTo(0, 12);
  expect(gradients[0]![1] + gradients[1]![1]).toBeCloseTo(0, 3);
});

/** Where a path may end: x₁ on the Pareto set; a point off it; or only on which side of the optimum of the mean. */
type End = number | Point | 'left' | 'right' | 'off';

const rules: Readonly<Record<string, (scale: number) => ToyRule>> = {
  famo: (scale) => famoRule([-21 * scale, -21]),
  'famo, decay 0.001': (scale) => famoRule([-21 * scale, -21], { decay: 1e-3 }),
};

/**
 * Published comparisons, with end points as they were found independently of this code.
 *
 * From A and C paths go along valleys whose walls are 1e5 steep, and rounding decides where they leave them: there
 * projection methods are held to the side of the optimum on which they reach the Pareto set. (For two tasks PCGrad and
 * UPGrad are the same direction.)
 */
const TABLE: readonly (readonly [string, number, number, readonly [End, End, End, End, End]])[] = [
  ['sum', 1, 100_000, [[-5.05, 2.15], 0, [5.02, 2.33], 0, 0]],
  ['sum', 0.1, 50_000, [-5.73, -5.73, [5, 3.91], -5.73, -5.73]],
  ['mgda', 1, 50_000, [-3.32, 0, 3.33, -5.12, 6.81]],
  ['pcgrad', 1, 100_000, ['left', 0, 'right', -2.48, 4.4]],
  ['imtl-g', 1, 50_000, [-2.38, 0, 2.19, -3.49, 5.18]],
  ['cagrad', 1, 100_000, [0, 0, 0, 0, 0]],
  ['cagrad', 0.1, 50_000, [-5.73, -5.73, 'off', -5.73, -5.73]],
  ['upgrad', 1, 100_000, ['left', 0, 'right', -2.48, 4.4]],
  ['nash', 1, 50_000, [-2.94, 0, 2.94, -3.3, 4.91]],
  ['nash', 0.1, 50_000, [-2.94, 0, 2.94, -3.3, 4.91]],
  ['famo', 1, 300_000, [-0.02, 0, 0, -0.04, 0.04]],
  ['famo', 0.1, 300_000, [0.14, 0.13, 0.14, 0.11, 0.18]],
  ['famo, decay 0.001', 1, 50_000, ['off', 0, 'off', -6.23, 6.23]],
];

describe('end points', () => {
  test.each(TABLE)('%s, first loss × %d, %d steps', (name, scale, steps, ends) => {
    Object.values(TOY_STARTS).forEach((start, k) => {
      const rule = rules[name]?.(scale) ?? aggregationRule(name);
      const [x, y] = followToy(start, rule, { steps, scale, visit: atRest() });
      const end = ends[k]!;
      const at = `from ${start} to ${x}, ${y}`;
      if (end === 'off') expect(y, at).toBeGreaterThan(-7);
      else if (typeof end === 'object') {
        expect(Math.hypot(x - end[0], y - end[1]), at).toBeLessThan(0.03);
      } else {
        expect(y, at).toBeLessThan(TOY_PARETO.at + 0.02);
        expect(y, at).toBeGreaterThan(TOY_PARETO.at - 0.1);
        if (typeof end === 'number') expect(Math.abs(x - end), at).toBeLessThan(0.03);
        else expect((end === 'left' ? -x : x) > 0.5 && Math.abs(x) < TOY_PARETO.to, at).toBe(true);
      }
    });
  });
});

/** A path in the bowls, where nothing is steep, that has come to rest stays there. */
function atRest(): (point: Point, step: number) => boolean {
  let last: Point = [0, 0];
  return (point, step) => {
    if (step % 2000 !== 0) return false;
    const moved = Math.hypot(point[0] - last[0], point[1] - last[1]);
    last = point;
    return step > 0 && point[1] < -8 && moved < 1e-5;
  };
}

test('Nash is exactly indifferent to the scale of a loss: the same path, bit for bit', () => {
  const path = (scale: number): string[] => {
    const points: string[] = [];
    followToy(TOY_STARTS.D, aggregationRule('nash:clip=0.1'), {
      steps: 10_000,
      scale,
      visit: (point, step) => {
        if (step % 100 === 0) points.push(String(point));
        return false;
      },
    });
    return points;
  };
  // A power of two, whose products are exact.
  expect(path(1 / 8)).toEqual(path(1));
});
