import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSchedule, type ScheduleName, type ScheduleSpec, schedules } from './index.ts';
import type { Schedule, ScheduleState } from './schedule.ts';

const SPECS: ScheduleSpec[] = [
  { kind: 'constant' },
  { kind: 'constant', warmup: { steps: 7, from: 0.1 } },
  { kind: 'cosine', steps: 100, floor: 0.05 },
  { kind: 'cosine', steps: 90, warmup: 10 },
  { kind: 'step', every: 30, factor: 0.5 },
  { kind: 'exponential', factor: 0.97, warmup: 3 },
  { kind: 'one-cycle', steps: 100 },
  { kind: 'plateau', factor: 0.5, patience: 2 },
];
const at = (spec: ScheduleSpec, step: number): number => {
  const schedule = parseSchedule(spec);
  return schedule.multiplier(step, schedule.initial);
};

describe.each(SPECS)('$kind', (spec) => {
  test(`stays within [0, 1] and survives JSON: ${JSON.stringify(spec)}`, () => {
    const copy = JSON.parse(JSON.stringify(spec)) as ScheduleSpec;
    for (let step = 1; step <= 300; step++) {
      expect(at(spec, step)).toBeGreaterThanOrEqual(0);
      expect(at(spec, step)).toBeLessThanOrEqual(1);
      expect(at(copy, step)).toBe(at(spec, step));
    }
  });
});

test('every registered schedule has a case', () => {
  expect(new Set(SPECS.map(({ kind }) => kind))).toEqual(new Set(Object.keys(schedules)));
});

test('values known by hand, at the boundaries too', () => {
  // biome-ignore format: a table
  const table: [ScheduleSpec, [step: number, multiplier: number][]][] = [
    [{ kind: 'constant' }, [[1, 1], [1e6, 1]]],
    [{ kind: 'constant', warmup: 4 }, [[1, 0.25], [2, 0.5], [4, 1], [5, 1]]],
    [{ kind: 'constant', warmup: { steps: 4, from: 0.2 } }, [[1, 0.4], [4, 1], [5, 1]]],
    [{ kind: 'constant', warmup: 0 }, [[1, 1]]],
    [{ kind: 'cosine', steps: 4 }, [[1, 1], [2, (1 + Math.SQRT1_2) / 2], [3, 0.5], [5, 0], [9, 0]]],
    [{ kind: 'cosine', steps: 2, floor: 0.1, warmup: 2 }, [[1, 0.5], [2, 1], [3, 1], [4, 0.55], [5, 0.1]]],
    [{ kind: 'step', every: 3, factor: 0.5 }, [[1, 1], [3, 1], [4, 0.5], [6, 0.5], [7, 0.25]]],
    [{ kind: 'step', every: 1 }, [[1, 1], [2, 0.1], [3, 0.01]]],
    [{ kind: 'exponential', factor: 0.5 }, [[1, 1], [2, 0.5], [4, 0.125]]],
    [
      { kind: 'one-cycle', steps: 11, rise: 5 / 11, startDivisor: 10, endDivisor: 100 },
      [[1, 0.1], [3, 0.55], [5, 1], [8, 0.5005], [11, 0.001], [50, 0.001]],
    ],
    [{ kind: 'one-cycle', steps: 1 }, [[1, 1], [2, 1]]],
    [{ kind: 'one-cycle', steps: 10, rise: 1 }, [[1, 0.04], [10, 1], [11, 1]]],
    [{ kind: 'one-cycle', steps: 10, warmup: 2 }, [[1, 0.02], [2, 0.04], [3, 0.04]]],
  ];
  for (const [spec, points] of table)
    for (const [step, expected] of points) expect(at(spec, step)).toBeCloseTo(expected, 12);
});

const watch = (schedule: Schedule, values: number[], from: ScheduleState = schedule.initial): ScheduleState =>
  values.reduce((state, value) => schedule.observe(state, value), from);
const rateAfter = (spec: ScheduleSpec, values: number[]): number => {
  const schedule = parseSchedule(spec);
  return schedule.multiplier(1, watch(schedule, values));
};

test('plateau reduces after patience + 1 results without improvement', () => {
  const spec: ScheduleSpec = { kind: 'plateau', factor: 0.5, patience: 2 };
  expect(rateAfter(spec, [1, 0.9, 0.8, 0.7])).toBe(1);
  expect(rateAfter(spec, [1, 1, 1])).toBe(1);
  expect(rateAfter(spec, [1, 1, 1, 1])).toBe(0.5);
  expect(rateAfter(spec, [1, 1, 1, 1, 1, 1, 1])).toBe(0.25);
  expect(rateAfter(spec, [1, 1, 1, 0.5, 1, 1])).toBe(1);
  // Better by less than the threshold is not better.
  expect(rateAfter({ ...spec, threshold: 0.1 }, [1, 0.95, 0.93, 0.91])).toBe(0.5);
  expect(rateAfter({ ...spec, goal: 'max' }, [1, 2, 3, 4])).toBe(1);
  expect(rateAfter({ ...spec, goal: 'max' }, [-1, -2, -2, -2])).toBe(0.5);
  expect(rateAfter({ ...spec, floor: 0.4 }, new Array<number>(20).fill(1))).toBe(0.4);
  expect(rateAfter(spec, [1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])).toBe(0.5);
  // The two results of the cooldown do not count: 4 + 2 + 3 are needed for the second reduction.
  expect(rateAfter({ ...spec, cooldown: 2 }, new Array<number>(8).fill(1))).toBe(0.5);
  expect(rateAfter({ ...spec, cooldown: 2 }, new Array<number>(9).fill(1))).toBe(0.25);
});

test('a plateau resumed from JSON at any point goes on as if uninterrupted', () => {
  const schedule = parseSchedule({ kind: 'plateau', patience: 1, cooldown: 1, factor: 0.5, warmup: 5 });
  const values = fc.array(fc.double({ min: -1, max: 1 }), { maxLength: 30 });
  fc.assert(
    fc.property(values, values, (before, after) => {
      const saved = JSON.parse(JSON.stringify(watch(schedule, before))) as ScheduleState;
      expect(watch(schedule, after, saved)).toEqual(watch(schedule, [...before, ...after]));
    }),
  );
});

test('a plateau keeps nothing that JSON would change', () => {
  const schedule = parseSchedule({ kind: 'plateau' });
  expect(Object.is(schedule.observe(schedule.initial, -0).best, 0)).toBe(true);
});

test('a spec that makes no sense names the option and the fix', () => {
  const parse = (spec: object | string) => () => parseSchedule(spec as ScheduleSpec);
  expect(parse({ kind: 'cosin', steps: 3 })).toThrow('Did you mean "cosine"?');
  expect(parse({ kind: 'cosine' })).toThrow('the option steps');
  expect(parse('cosine')).toThrow('schedule-invalid at cosine.steps');
  expect(parse({ kind: 'cosine', steps: 1.5 })).toThrow('an integer above 0');
  expect(parse({ kind: 'cosine', step: 10, steps: 10 })).toThrow('Did you mean "steps"?');
  expect(parse({ kind: 'step', every: 10, factor: 2 })).toThrow('a number in (0, 1]');
  expect(parse({ kind: 'constant', warmup: -1 })).toThrow('schedule-invalid at warmup.steps');
  expect(parse({ kind: 'plateau', goal: 'low' })).toThrow('one of min, max');
  expect(parseSchedule('constant' satisfies ScheduleName).name).toBe('constant');
});
