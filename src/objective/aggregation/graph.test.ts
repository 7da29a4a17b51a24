import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../common/random.ts';
import { runGraph } from './graph.test-support.ts';

function close(found: readonly number[] | undefined, expected: readonly number[], digits = 5): void {
  expect(found).toHaveLength(expected.length);
  expected.forEach((value, k) => {
    expect(found![k], `${found} for ${expected}`).toBeCloseTo(value, digits);
  });
}

describe('trimmed-mean', () => {
  test('leaves out the largest and the smallest of each coordinate', async () => {
    const jacobian = [1e11, 3, 1, -1e11, -1e10, 1e10, 2, 2];
    const [found] = await runGraph('trimmed-mean', { tasks: 4, size: 2 }, [{ jacobian }]);
    close(found!.direction, [1.5, 2.5]);
  });

  test('as many as are there: absent tasks do not count, and at least one is left', async () => {
    const shape = { tasks: 3, size: 1 };
    const jacobian = [7, 5, -9];
    const found = await runGraph('trimmed-mean:trim=2', shape, [
      { jacobian },
      { jacobian, present: [1, 1, 0] },
      { jacobian, present: [0, 0, 1] },
      { jacobian, present: [0, 0, 0] },
    ]);
    close(
      found.map(({ direction }) => direction![0]!),
      [5, 6, -9, 0],
    );
  });
});

describe('graddrop', () => {
  test('keeps one sign a coordinate; a part of the other leaks', async () => {
    const jacobian = [-4, 1, 1, 6, 1, 1];
    const shape = { tasks: 2, size: 3 };
    // Agreement of the first coordinate is 2/10: positive where erf(z/√2) is below it.
    const [positive, negative] = await runGraph('graddrop', shape, [
      { jacobian, noise: [0, 0, 0] },
      { jacobian, noise: [1, 5, 5] },
    ]);
    close(positive!.direction, [6, 2, 2]);
    close(negative!.direction, [-4, 2, 2]);
    const [leaking] = await runGraph('graddrop:leak=0.25', shape, [{ jacobian }]);
    close(leaking!.direction, [6 - 1, 2, 2]);
  });

  test('positive with probability ½(1 + Σg/Σ|g|)', async () => {
    const size = 4000;
    const random = new RandomStream(1, 'noise');
    const [found] = await runGraph('graddrop', { tasks: 2, size }, [
      {
        jacobian: [...new Array<number>(size).fill(3), ...new Array<number>(size).fill(-1)],
        noise: Array.from({ length: size }, (_, k) => random.normal(k)),
      },
    ]);
    const share = found!.direction!.filter((value) => value === 3).length / size;
    expect(Math.abs(share - 0.75)).toBeLessThan(5 * Math.sqrt(0.1875 / size));
  });

  test('an absent task has no sign', async () => {
    const [found] = await runGraph('graddrop', { tasks: 2, size: 1 }, [
      { jacobian: [-4, 6], present: [1, 0], noise: [0] },
    ]);
    close(found!.direction, [-4]);
  });
});

describe('excess-mtl', () => {
  const shape = { tasks: 2, size: 2 };
  const jacobian = [3, 4, 0, 1];

  test('weights grow with excess risk relative to its first value', async () => {
    const found = await runGraph('excess-mtl:eta=1', shape, [{ jacobian }, { jacobian: [3, 4, 0, 2] }]);
    // First step: every relative risk is 1, so weights stay equal.
    close(found[0]!.weights, [1, 1]);
    close(found[0]!.direction, [3, 5]);
    // Σ g²/√S: 7/√2 of 7; 4/√5 of 1.
    const [a, b] = [Math.exp(Math.SQRT1_2), Math.exp(4 / Math.sqrt(5))];
    close(found[1]!.weights, [(2 * a) / (a + b), (2 * b) / (a + b)]);
    // Weights go on from there: ln w grows by the risks of the first step, alike, and of the second.
    close(found[1]!['next/logs'], [1 + Math.SQRT1_2, 1 + 4 / Math.sqrt(5)]);
  });

  test('an absent task starts when it comes', async () => {
    const found = await runGraph('excess-mtl:eta=1', shape, [
      { jacobian: [3, 4, 5, 5], present: [1, 0] },
      { jacobian },
    ]);
    close(found[0]!['next/first'], [7, 0]);
    expect(found[0]!.weights![1]).toBe(0);
    close(found[1]!['next/first'], [7, 1]);
  });
});

describe('moco', () => {
  test('trackers follow gradients as long as their loss', async () => {
    const jacobian = [3, 4, 0, 2];
    const steps = [0, 1].map(() => ({ jacobian, losses: [5, 1] }));
    const found = await runGraph('moco', { tasks: 2, size: 2 }, steps);
    close(found[0]!.transformed, [1.5, 2, 0, 0.5]);
    const rate = 0.5 / Math.SQRT2;
    close(found[1]!.transformed, [1.5 + 1.5 * rate, 2 + 2 * rate, 0, 0.5 + 0.5 * rate]);
  });

  test('or the gradients as they are; the tracker of an absent task waits', async () => {
    const found = await runGraph('moco:normalise=false,decay=0', { tasks: 2, size: 1 }, [
      { jacobian: [8, 4] },
      { jacobian: [8, 0], present: [1, 0] },
    ]);
    close(found[1]!.transformed, [6, 2]);
  });
});

describe('db-mtl', () => {
  test('averages of the gradients of log-losses', async () => {
    const found = await runGraph('db-mtl', { tasks: 2, size: 1 }, [
      { jacobian: [4, 3], losses: [2, 0.5] },
      { jacobian: [2, 0], losses: [2, 0], present: [1, 0] },
    ]);
    close(found[0]!.transformed, [0.2, 0.6]);
    close(found[1]!.transformed, [0.9 * 0.2 + 0.1 * 1, 0.6]);
  });
});

test.each(['moco', 'db-mtl', 'excess-mtl', 'graddrop', 'trimmed-mean'])(
  '%s: replicas side by side are as alone',
  async (name) => {
    const random = new RandomStream(7, 'replicas');
    const draw = (at: number, count: number): number[] =>
      Array.from({ length: count }, (_, k) => random.normal(at * 100 + k));
    const step = (replica: number, at: number) => ({
      jacobian: draw(10 * replica + at, 12),
      losses: draw(100 + 10 * replica + at, 3).map((value) => value ** 2 + 0.1),
      present: [1, at === 1 ? replica : 1, 1],
      noise: draw(200 + 10 * replica + at, 4),
    });
    const shape = { tasks: 3, size: 4 };
    const both = await runGraph(
      name,
      { ...shape, lead: [2] },
      [0, 1, 2].map((at) => {
        const [a, b] = [step(0, at), step(1, at)];
        return {
          jacobian: [...a.jacobian, ...b.jacobian],
          losses: [...a.losses, ...b.losses],
          present: [...a.present, ...b.present],
          noise: [...a.noise, ...b.noise],
        };
      }),
    );
    const alone = await Promise.all(
      [0, 1].map((replica) =>
        runGraph(
          name,
          shape,
          [0, 1, 2].map((at) => step(replica, at)),
        ),
      ),
    );
    for (const at of [0, 1, 2])
      for (const [key, values] of Object.entries(both[at]!))
        close(values, [...alone[0]![at]![key]!, ...alone[1]![at]![key]!]);
  },
);
