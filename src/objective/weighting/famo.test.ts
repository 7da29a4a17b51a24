import { expect, test } from 'vitest';
import { add, constant, mul, reduceSum, reshape, square, sub, type Tensor } from '../../engine/index.ts';
import { type Driven, drive, tasksOf } from '../drive.test-support.ts';

/** Three valleys of very different depth over θ [2], moved by the batch: Lₜ = aₜ ‖θ − cₜ − b‖² + dₜ. */
const DEPTH = [100, 1, 0.05];
const CENTRE = [
  [0, 1],
  [1, 0],
  [-1, -1],
];
const GROUND = [0.3, 0.1, 0.02];
const STEPS = 200;
const RATE = 0.01;
const batchOf = (step: number): number[] => [0.3 * Math.sin(step), 0.3 * Math.cos(1.7 * step)];

function losses(theta: Tensor, batch: Tensor): Tensor {
  const row = (values: readonly number[]): Tensor => constant(values, { dtype: theta.dtype });
  const centres = constant(CENTRE.flat(), { shape: [3, 2], dtype: theta.dtype });
  const away = sub(reshape(sub(theta, batch), [1, 2]), centres);
  return add(mul(reduceSum(square(away), -1), row(DEPTH)), row(GROUND));
}

const lossesAt = (theta: readonly number[], batch: readonly number[]): number[] =>
  DEPTH.map(
    (depth, t) =>
      depth * theta.reduce((sum, x, i) => sum + (x - batch[i]! - CENTRE[t]![i]!) ** 2, 0) + GROUND[t]!,
  );

const softmax = (x: readonly number[]): number[] => {
  const shares = x.map(Math.exp);
  const total = shares.reduce((a, b) => a + b, 0);
  return shares.map((share) => share / total);
};

/** FAMO as the paper's algorithm has it, with torch.optim.Adam on the logits. */
function reference(
  gamma: number,
  after: (step: number) => readonly number[],
): { weights: number[][]; logits: number[] } {
  let theta = [0.5, -0.4];
  let logits = [0, 0, 0];
  const [first, second] = [
    [0, 0, 0],
    [0, 0, 0],
  ];
  const weights: number[][] = [];
  for (let step = 0; step < STEPS; step++) {
    const batch = batchOf(step);
    const before = lossesAt(theta, batch).map((loss) => loss + 1e-8);
    const z = softmax(logits);
    const c = z.reduce((sum, share, t) => sum + share / before[t]!, 0);
    const w = z.map((share, t) => share / before[t]! / c);
    weights.push(w);
    theta = theta.map((x, i) =>
      w.reduce((at, weight, t) => at - RATE * weight * 2 * DEPTH[t]! * (x - batch[i]! - CENTRE[t]![i]!), x),
    );
    const later = lossesAt(theta, after(step));
    const delta = before.map((loss, t) => Math.log(loss) - Math.log(later[t]! + 1e-8));
    const mean = delta.reduce((sum, d, t) => sum + z[t]! * d, 0);
    logits = logits.map((logit, t) => {
      const g = z[t]! * (delta[t]! - mean) + gamma * logit;
      first[t] = 0.9 * first[t]! + 0.1 * g;
      second[t] = 0.999 * second[t]! + 0.001 * g * g;
      const m = first[t]! / (1 - 0.9 ** (step + 1));
      const v = second[t]! / (1 - 0.999 ** (step + 1));
      return logit - (0.025 * m) / (Math.sqrt(v) + 1e-8);
    });
  }
  return { weights, logits };
}

const driven = (method: string): Promise<Driven> =>
  drive({ method, tasks: tasksOf(3), steps: STEPS, losses, theta: [0.5, -0.4], batch: batchOf, rate: RATE });

test.each([0.001, 0])('as written out in plain numbers over 200 steps, γ = %d', async (gamma) => {
  const { weights, state } = await driven(`famo:gamma=${gamma}`);
  const expected = reference(gamma, batchOf);
  weights.forEach((row, step) => {
    row.forEach((weight, t) => {
      expect(weight).toBeCloseTo(expected.weights[step]![t]!, 9);
    });
  });
  expected.logits.forEach((logit, t) => {
    expect(state.logits![t]).toBeCloseTo(logit, 8);
  });
  expect(Math.max(...expected.logits) - Math.min(...expected.logits)).toBeGreaterThan(0.3);
});

test('FAMO update on another batch: the losses after the step are those of the batch of the step', async () => {
  const { state } = await driven('famo');
  const other = reference(0.001, (step) => batchOf(step + 1));
  expect(Math.abs(state.logits![0]! - other.logits[0]!)).toBeGreaterThan(0.01);
});

test('the first step divides by the losses: the logarithms go down alike', async () => {
  const { weights, losses: seen } = await driven('famo');
  const products = weights[0]!.map((weight, t) => weight * seen[0]![t]!);
  expect(products[1]).toBeCloseTo(products[0]!, 6);
  expect(products[2]).toBeCloseTo(products[0]!, 6);
});
