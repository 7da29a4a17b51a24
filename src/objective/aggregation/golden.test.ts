import { describe, expect, test } from 'vitest';
import type { SpecInput } from '../../common/options.ts';
import { Ascending, aggregate, problemOf } from './fixture.test-support.ts';

type Row = [spec: SpecInput, direction: readonly number[], weights?: readonly number[]];

function check(jacobian: readonly (readonly number[])[], rows: Row[], tolerance: number): void {
  test.each(rows)('%j', (spec, direction, weights) => {
    const found = aggregate(spec, problemOf(jacobian), { random: new Ascending() });
    direction.forEach((value, k) => {
      expect(Math.abs(found.direction[k]! - value), `d${k} ${found.direction}`).toBeLessThan(tolerance);
    });
    weights?.forEach((value, t) => {
      expect(Math.abs(found.weights[t]! - value), `w${t} ${found.weights}`).toBeLessThan(tolerance);
    });
  });
}

const TWO = [
  [-4, 1, 1],
  [6, 1, 1],
];
describe('two tasks', () => {
  check(
    TWO,
    [
      ['mean', [1, 1, 1]],
      ['sum', [2, 2, 2]],
      ['mgda', [0, 1, 1], [0.6, 0.4]],
      ['pcgrad', [0.5848, 3.8012, 3.8012], [2.2222, 1.5789]],
      ['gradvac', [0.5848, 3.8012, 3.8012], [2.2222, 1.5789]],
      ['imtl-g', [0.0767, 1, 1], [0.5923, 0.4077]],
      ['cagrad:rescale=none', [0.1835, 1.2041, 1.2041], [0.7041, 0.5]],
      ['cagrad', [0.1468, 0.9633, 0.9633]],
      ['cagrad:c=0.4,rescale=none', [0.3468, 1.1633, 1.1633]],
      ['aligned', [0.2133, 0.9673, 0.9673], [0.5591, 0.4083]],
      ['conflict-free', [0.1588, 2.0706, 2.0706]],
      ['fairgrad:alpha=1', [0.0766, 0.9985, 0.9985], [0.5915, 0.4071]],
      ['fairgrad', [0.0313, 0.7908, 0.7908]],
      ['fairgrad:alpha=0.5', [0.181, 1.2682, 1.2682]],
      ['nash:clip=0', [0.5539, 7.2217, 7.2217]],
      ['nash', [0.0542, 0.7061, 0.7061]],
      ['upgrad:regularisation=0.0001', [0.2929, 1.9004, 1.9004], [1.1109, 0.7894]],
      ['dualproj:regularisation=0.0001', [0.5563, 1.1109, 1.1109], [0.6109, 0.5]],
      ['db-mtl', [0.1881, 2.453, 2.453]],
      ['pe-ltr:given=0', [0, 1, 1], [0.6, 0.4]],
    ],
    1e-4,
  );
});

test('projections without regularisation are exact', () => {
  const found = aggregate('upgrad', problemOf(TWO));
  expect(found.weights[0]).toBeCloseTo(1 / 2 + 11 / 18, 12);
  expect(found.weights[1]).toBeCloseTo(1 / 2 + 11 / 38, 12);
  expect(aggregate('dualproj', problemOf(TWO)).weights[0]).toBeCloseTo(11 / 18, 12);
});

const THREE = [
  [1, 2, 0, 1],
  [-2, 1, 1, 0],
  [0.5, -1, 2, -1],
];
describe('three tasks', () => {
  check(
    THREE,
    [
      ['mgda', [0.115, 0.6327, 0.9889, 0.0111], [0.3896, 0.2319, 0.3785]],
      ['imtl-g', [0.1191, 0.6268, 0.9921, 0.0079], [0.3889, 0.2301, 0.381]],
      ['cagrad:rescale=none', [0.1673, 0.9201, 1.4382, 0.0162]],
      ['aligned', [-0.0166, 0.601, 0.9196, 0.0059], [0.3362, 0.259, 0.3303]],
      ['conflict-free', [0.3571, 1.8787, 2.9735, 0.0235]],
      ['fairgrad:alpha=1', [-0.0258, 0.9497, 1.4482, 0.0107], [0.5307, 0.4082, 0.52]],
      ['fairgrad', [0.0327, 0.742, 1.1405, 0.0102]],
      ['nash', [-0.0149, 0.5483, 0.8361, 0.0062]],
      ['upgrad', [0.0388, 0.8111, 1.2666, 0.0056], [0.4722, 0.3333, 0.4666]],
      ['dualproj', [-0.1667, 0.6667, 1, 0]],
      ['pcgrad', [0.1167, 2.4333, 3.8, 0.0167], [1.4167, 1, 1.4]],
      ['db-mtl', [-0.5206, 2.0619, 3.0206, 0.0206]],
    ],
    1e-4,
  );
});

const STATIONARY = [
  [1, 0],
  [-0.5, 1],
  [-0.5, -0.8],
];
describe('a Pareto-stationary point', () => {
  check(
    STATIONARY,
    [
      ['mgda', [0, 0], [0.3333, 0.2963, 0.3704]],
      ['fairgrad:alpha=1', [0, 0]],
      ['fairgrad', [0, 0]],
      ['nash', [0, 0]],
      ['upgrad', [0, 0]],
      ['dualproj', [0, 0]],
      ['conflict-free', [0.078, 0.163]],
      ['aligned', [0.002, 0.063]],
      ['cagrad:rescale=none', [-0.018, 0.038]],
      ['pcgrad', [-0.374, -0.126]],
      ['db-mtl', [0.026, 0.052]],
    ],
    1e-3,
  );
});

test('CAGrad adds what the worst-off task needs to the mean', () => {
  const { weights } = aggregate('cagrad:rescale=none', problemOf(THREE));
  const added = weights.map((value) => value - 1 / 3);
  const total = added.reduce((sum, value) => sum + value, 0);
  [0.5135, 0.0087, 0.4778].forEach((value, t) => {
    expect(added[t]! / total).toBeCloseTo(value, 4);
  });
});

test('Krum keeps the four of five gradients that lie together', () => {
  const jacobian = [
    [1, 1, 1],
    [1, 0, 1],
    [75, -666, 23],
    [1, 2, 3],
    [2, 0, 1],
  ];
  expect([...aggregate('krum:selected=4', problemOf(jacobian)).direction]).toEqual([1.25, 0.75, 1.5]);
});
