import { describe, expect, test } from 'vitest';
import type { GradientLook } from '../optimization/index.ts';
import { affinityFrom } from './affinity.ts';
import { ObservedGradientsRecorder } from './observed-gradients.ts';

const TASKS = ['a', 'b', 'c'];
const LAYERS = ['trunk/0', 'trunk/1'];
const recorder = (kind: 'first-order' | 'look-ahead', seen?: unknown) =>
  new ObservedGradientsRecorder(TASKS, LAYERS, kind, seen);
const f32 = (...values: number[]): Float32Array => Float32Array.from(values);

/** Gradients of a and b: (3, 4) and (4, −3) in one layer, (0, 5) and (0, −12) in the other. */
const FIRST: GradientLook = {
  compared: [0, 1],
  losses: f32(2, 0.5, 1),
  gramians: [f32(25, 0, 0, 25), f32(25, -60, -60, 144)],
  rate: 0.1,
};
/** All of three; c has no labels. */
const SECOND: GradientLook = {
  compared: [2, 1, 0],
  losses: f32(4, 1, 0),
  gramians: [f32(0, 0, 0, 0, 9, 12, 0, 12, 16), f32(0, 0, 0, 0, 0, 0, 0, 0, 9)],
  rate: 0.1,
};

test('norms, cosines and conflicts are means over the looks that tell of them, layer by layer', () => {
  const own = recorder('first-order');
  own.add(FIRST);
  own.add(SECOND);
  const { looks, whole, layers } = own.result();
  expect(looks).toBe(2);
  expect(layers.map(({ name }) => name)).toEqual(LAYERS);
  expect(layers[0]).toMatchObject({ norms: [4.5, 4, null], cosine: 0.5, conflicts: 0 });
  expect(layers[0]!.cosines).toEqual([
    [1, 0.5, null],
    [0.5, 1, null],
    [null, null, null],
  ]);
  // In the second look b has no gradient there.
  expect(layers[1]).toMatchObject({ norms: [4, 12, null], cosine: -1, conflicts: 1 });
  const cosine = (-60 / Math.sqrt(50 * 169) + 12 / 15) / 2;
  expect(whole.cosines[0]![1]).toBeCloseTo(cosine, 5);
  expect(whole.conflicts).toBe(0.5);
});

describe('affinity', () => {
  test('to the first order: gᵢ·gⱼ / Lⱼ, whoever was compared', () => {
    const own = recorder('first-order');
    own.add(FIRST);
    own.add(SECOND);
    const { benefit } = affinityFrom(own.result().affinity.values);
    expect(benefit(0, 1)).toBeCloseTo((-60 / 2 + 12 / 4) / 2, 5);
    expect(benefit(1, 0)).toBeCloseTo((-60 / 0.5 + 12 / 1) / 2, 5);
    expect(benefit(2, 0)).toBeNull();
  });

  test('ahead: by the share that a step of one lowers the loss of another, for a unit of learning rate', () => {
    const own = recorder('look-ahead');
    own.add({
      ...FIRST,
      ahead: [
        { source: 0, losses: f32(1.5, 0.55, 1) },
        { source: 2, losses: f32(1.9, 0.5, 0.5) },
      ],
    });
    const { affinity } = own.result();
    expect(affinity.kind).toBe('look-ahead');
    const { benefit } = affinityFrom(affinity.values);
    expect(benefit(0, 0)).toBeCloseTo(2.5, 5);
    expect(benefit(1, 0)).toBeCloseTo(-1, 5);
    expect(benefit(0, 2)).toBeCloseTo(0.5, 5);
    expect(benefit(0, 1)).toBeNull();
  });
});

test('what was seen goes on from its JSON', () => {
  const whole = recorder('first-order');
  whole.add(FIRST);
  const seen = JSON.parse(JSON.stringify(whole));
  whole.add(SECOND);
  const resumed = recorder('first-order', seen);
  resumed.add(SECOND);
  expect(resumed.result()).toEqual(whole.result());
  expect(ObservedGradientsRecorder.resultOf(resumed.toJSON())).toEqual(whole.result());
  // What a checkpoint holds stays as it was.
  expect(seen.looks).toBe(1);
});

test('a point of the curves is told what was seen since the last one, once', () => {
  const own = recorder('first-order');
  expect(own.told()).toBeUndefined();
  own.add(FIRST);
  own.told();
  own.add(SECOND);
  own.add(SECOND);
  // Over both layers a and b have (16 + 9, 12; 12, 9); c has no labels.
  expect(own.told()).toEqual({
    looks: 2,
    norms: [5, 3, null],
    conflicts: 0,
    whole: [[], [0.8], [null, null]],
    layers: { 'trunk/0': [[], [1], [null, null]], 'trunk/1': [[], [null], [null, null]] },
  });
  expect(own.told()).toBeUndefined();
  // What it remembers of all looks is not touched by telling.
  const silent = recorder('first-order');
  for (const look of [FIRST, SECOND, SECOND]) silent.add(look);
  expect(own.toJSON()).toEqual(silent.toJSON());
});

test('a point has no zero below zero, which JSON does not know', () => {
  const own = recorder('first-order');
  own.add({ ...FIRST, gramians: [f32(1, -1e-5, -1e-5, 1), f32(0, 0, 0, 0)] });
  const told = own.told();
  expect(told!.whole[1]).toEqual([0]);
  expect(JSON.parse(JSON.stringify(told))).toEqual(told);
});

test('of many pairs in many layers a point keeps all layers together', () => {
  const names = Array.from({ length: 15 }, (_, t) => `t${t}`);
  const pointOf = (layers: number) => {
    const own = new ObservedGradientsRecorder(
      names,
      Array.from({ length: layers }, (_, i) => `trunk/${i}`),
      'first-order',
    );
    const gramian = Float32Array.from({ length: 225 }, (_, i) => (i % 16 === 0 ? 4 : 1));
    own.add({
      compared: names.map((_, t) => t),
      losses: new Float32Array(15).fill(1),
      gramians: Array.from({ length: layers }, () => gramian),
      rate: 1,
    });
    return own.told()!;
  };
  expect(Object.keys(pointOf(3).layers)).toEqual(['trunk/0', 'trunk/1', 'trunk/2']);
  expect(pointOf(4)).toMatchObject({ layers: {}, conflicts: 0 });
  expect(pointOf(4).whole[14]).toEqual(new Array(14).fill(0.25));
});

test('more than 20 tasks have no cosines pair by pair in each layer', () => {
  const names = Array.from({ length: 21 }, (_, t) => `t${t}`);
  const own = new ObservedGradientsRecorder(names, ['trunk'], 'first-order');
  const gramian = Float32Array.from({ length: 441 }, (_, i) => (i % 22 === 0 ? 4 : 1));
  own.add({
    compared: names.map((_, t) => t),
    losses: new Float32Array(21).fill(1),
    gramians: [gramian],
    rate: 1,
  });
  expect(own.told()).toMatchObject({ norms: new Array(21).fill(2), whole: [], conflicts: 0 });
  const { layers, cosine } = own.result();
  expect(layers[0]).toMatchObject({ cosines: [], cosine: 0.25, conflicts: 0 });
  expect(affinityFrom(cosine).benefit(3, 7)).toBe(0.25);
});
