import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RandomStream } from '../src/common/random.ts';
import {
  type FrontInput,
  type FrontResult,
  fit,
  load,
  regression,
  resume,
  resumeFront,
  traceFront,
} from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'polytask-front-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const stream = new RandomStream(3, 'conflict');
/** Two tasks that want different inputs. */
const ROWS = Array.from({ length: 400 }, (_, i) => {
  const [x, y] = [stream.normal(i, 0), stream.normal(i, 1)];
  return { x, y, left: x, right: y, both: x + y, task: i % 3 === 0 ? 'a' : 'b' };
});

/** One hidden unit between them, so that one task's gain is the other's loss. */
const PROBLEM: FrontInput = {
  data: ROWS,
  tasks: { left: regression(), right: regression() },
  inputs: ['x', 'y'],
  model: { hidden: [1], activation: 'tanh', dropout: 0 },
  objective: 'fixed',
  training: { maxEpochs: 12, batchSize: 64, learningRate: 0.03 },
  seeds: 2,
  threads: 1,
};
const trace = (name: string, changes: Partial<FrontInput> = {}, hooks = {}): Promise<FrontResult> =>
  traceFront({ ...PROBLEM, preferences: 3, ...changes, out: join(folder, name) }, hooks);

/** All that was found, but for how long it took and where it lies. */
const found = ({ points, hypervolume }: FrontResult): unknown => ({
  hypervolume,
  points: points.map(({ trainSeconds: _, model: __, ...rest }) => rest),
});

describe('a front', () => {
  let front: FrontResult;
  beforeAll(async () => {
    front = await trace('whole');
  });

  test('trades one task against the other, from preference to preference', () => {
    const gains = front.points.map(({ gain }) => [gain.left!, gain.right!] as const);
    expect(front.points.map(({ preference }) => preference.left)).toEqual([0.95, 0.5, 0.05]);
    const [[a, b], , [c, d]] = gains as [[number, number], unknown, [number, number]];
    expect(a).toBeGreaterThan(c + 0.3);
    expect(d).toBeGreaterThan(b + 0.3);
    expect(front.points[0]!.front && front.points[2]!.front).toBe(true);
    expect(front.hypervolume!.mean).toBeGreaterThan(0);
    expect(front.hypervolume!.mean).toBeLessThan(1);
    for (const { validation, test: tested } of front.points)
      for (const spread of [validation.left!, tested.right!]) {
        expect(spread.low).toBeLessThanOrEqual(spread.mean);
        expect(spread.high).toBeGreaterThanOrEqual(spread.mean);
      }
  });

  test('is kept as front.json, drawn as front.html, and every point can predict', async () => {
    expect(JSON.parse(readFileSync(join(front.run, 'front.json'), 'utf8'))).toEqual(front);
    expect(readFileSync(front.report, 'utf8')).toMatch(/^<!doctype html>[\s\S]*>95 : 5</);
    const [first, , last] = front.points;
    for (const [point, task] of [
      [first!, 'left'],
      [last!, 'right'],
    ] as const) {
      const model = await load(point.model);
      const predictions = await model.predict(ROWS.map(({ x, y }) => ({ x, y })));
      await model.close();
      const errors = predictions.map(
        (row, i) => ((row[task] as { value: number }).value - ROWS[i]![task]) ** 2,
      );
      expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(0.5);
    }
  });

  test('a point is what fit finds with the same weights', async () => {
    const { result, model } = await fit({
      ...PROBLEM,
      objective: 'fixed:weights=left=0.5+right=0.5',
      baseline: false,
      out: join(folder, 'one'),
    });
    await model.close();
    const middle = front.points[1]!;
    for (const [side, own] of [
      ['validation', middle.validation],
      ['test', middle.test],
    ] as const)
      result.tasks.forEach(({ task: { name } }, t) => {
        const values = result.multi[side].map((seed) => seed[t]!);
        expect([own[name]!.low, own[name]!.high]).toEqual([Math.min(...values), Math.max(...values)]);
      });
    expect(result.multi.steps).toBe(middle.steps);
  });

  test('a point keeps the state that is best by its own preference', async () => {
    // Training that neither the preference nor the score of a state steers, at a rate at which states differ.
    const same: Partial<FrontInput> = {
      objective: 'stch:epochs=99',
      training: {
        ...PROBLEM.training,
        learningRate: 0.3,
        schedule: { kind: 'constant' },
        maxEpochs: 20,
        patience: 20,
        epochsPerEvaluation: 1,
      },
    };
    const { points, tasks } = await trace('kept', { ...same, preferences: 2 });
    const { result, model } = await fit({ ...PROBLEM, ...same, baseline: false, out: join(folder, 'plain') });
    await model.close();
    const gain = (metrics: readonly (number | null)[], shares: readonly number[]): number =>
      tasks.reduce((sum, { validation }, t) => sum - (shares[t]! * metrics[t]!) / validation.constant!, 0);
    const best = (shares: readonly number[], s: number): readonly (number | null)[] =>
      result.multi.curve
        .map(({ metrics }) => metrics[s]!)
        .reduce((kept, own) => (gain(own, shares) > gain(kept, shares) ? own : kept));
    for (const { preference, validation } of points)
      for (const [t, { name }] of tasks.entries()) {
        const shares = tasks.map((task) => preference[task.name]!);
        const values = [0, 1].map((s) => best(shares, s)[t]!);
        const { low, high } = validation[name]!;
        expect([low, high]).toEqual([Math.min(...values), Math.max(...values)]);
      }
    expect(points[0]!.validation).not.toEqual(points[1]!.validation);
  });

  test('that was stopped goes on: models that are done stay, and all ends as if nothing had been', async () => {
    const stop = new AbortController();
    const out = join(folder, 'stopped');
    const stopped = trace(
      'stopped',
      {},
      {
        signal: stop.signal,
        onEvent: (event: { phase: string; trial?: number }) => {
          if (event.trial === 2) stop.abort(new Error('enough'));
        },
      },
    );
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    expect(existsSync(join(out, 'front.json'))).toBe(false);
    const first = readFileSync(join(out, 'points', '1.json'), 'utf8');
    expect(existsSync(join(out, 'points', '2.json'))).toBe(false);
    // What is done needs no checkpoint any more.
    rmSync(join(out, 'checkpoints', '1.ckpt'));
    const trained: number[] = [];
    const resumed = await resumeFront(out, {
      data: ROWS,
      onEvent: (event) => event.phase === 'training' && trained.push(event.trial),
    });
    expect(new Set(trained)).toEqual(new Set([2, 3]));
    expect(readFileSync(join(out, 'points', '1.json'), 'utf8')).toBe(first);
    expect(found(resumed)).toEqual(found(front));
    expect(await resumeFront(out)).toEqual(resumed);
  });

  test('is no run of fit, nor the other way round', async () => {
    const wrong = { code: 'run-folder', help: expect.stringContaining('polytask resume') };
    await expect(resume(front.run)).rejects.toMatchObject(wrong);
    await expect(resumeFront(join(folder, 'one'))).rejects.toMatchObject(wrong);
    await expect(resumeFront(front.run, { data: ROWS.slice(1) })).resolves.toEqual(front);
  });
});

test.each(['stch', 'cosmos', 'pbi', 'cagrad', 'uncertainty+mean'])(
  '%s takes preferences',
  async (objective) => {
    const { points, objective: name } = await trace(`by-${objective}`, {
      objective,
      preferences: 2,
      training: { ...PROBLEM.training, maxEpochs: 8 },
    });
    expect(name).toBe(objective);
    expect(points[0]!.gain.left).not.toBe(points[1]!.gain.left);
  },
);

test('three tasks: a lattice and its centre; long problems too', async () => {
  const short = { training: { maxEpochs: 1 }, seeds: 1 };
  const tasks = { ...PROBLEM.tasks, both: regression() };
  const three = await trace('three', { ...short, tasks });
  expect(three.points).toHaveLength(4);
  expect(readFileSync(three.report, 'utf8')).toContain('class="front parallel"');
  const { inputs: _, ...problem } = PROBLEM;
  const long = await traceFront({
    ...problem,
    ...short,
    tasks: { both: regression() },
    by: 'task',
    exclude: ['left', 'right'],
    preferences: 2,
    out: join(folder, 'long'),
  });
  expect(Object.keys(long.points[0]!.preference).sort()).toEqual(['a', 'b']);
});

describe('what cannot be traced is refused before there is a folder', () => {
  const many = Array.from({ length: 260 }, (_, i) => ({
    x: (i * 37) % 11,
    both: i % 7,
    school: `s${i % 52}`,
  }));
  const schools = { data: many, tasks: { both: regression() }, by: 'school', inputs: ['x'] };
  const refused: readonly [string, Partial<FrontInput>, object][] = [
    ['one preference', { preferences: 1 }, { code: 'config-invalid', path: 'preferences' }],
    ['half a preference', { preferences: 2.5 }, { code: 'config-invalid', path: 'preferences' }],
    ['51 preferences', { preferences: 51 }, { code: 'config-invalid', path: 'preferences' }],
    ['one task', { tasks: { left: regression() } }, { code: 'problem-invalid', found: '1' }],
    [
      'separate networks',
      { model: { ...PROBLEM.model, sharing: 'independent' } },
      { code: 'sharing-invalid', path: 'model.sharing' },
    ],
    [
      'a method that knows no preference',
      { objective: 'uncertainty+pcgrad' },
      { code: 'objective-invalid', expected: expect.stringContaining('stch'), found: 'uncertainty+pcgrad' },
    ],
    [
      'a preference of its own',
      { objective: 'stch:preference=left=2' },
      { code: 'objective-invalid', path: 'objective.preference' },
    ],
    ['a weighting that needs more', { objective: 'excess+cagrad' }, { code: 'objective-invalid' }],
    [
      'too many tasks',
      schools,
      {
        code: 'config-invalid',
        found: '53 preferences among 52 tasks',
        help: expect.stringContaining('fewer'),
      },
    ],
    [
      'a lattice that is too fine',
      {
        ...schools,
        data: many.map((row, i) => ({ ...row, school: `s${i % 10}` })),
        preferences: 11,
      },
      { code: 'config-invalid', found: '56 preferences among 10 tasks', help: expect.stringContaining('10') },
    ],
  ];
  test.each(refused)('%s', async (name, changes, error) => {
    await expect(trace(name, changes)).rejects.toMatchObject(error);
    expect(existsSync(join(folder, name))).toBe(false);
  });
});
