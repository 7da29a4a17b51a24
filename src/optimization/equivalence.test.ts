import { describe, expect, test } from 'vitest';
import { optimised, wasm } from '../engine/contract/runtimes.ts';
import type { Runtime } from '../engine/index.ts';
import type { ModelSpec } from '../model/index.ts';
import {
  difference,
  layoutOf,
  longSample,
  modelOf,
  named,
  only,
  type Sample,
  setupOf,
  wideSample,
  withSetup,
} from './fixture.test-support.ts';
import { train } from './train.ts';
import type { Checkpoint } from './training.ts';

const PLANS = [
  { name: 'size', kind: 'regression', missing: 0.2 },
  { name: 'sold', kind: 'binary', missing: 0.3 },
  { name: 'price', kind: 'regression' },
  { name: 'grade', kind: 'multiclass', missing: 0.1 },
];
const wide = wideSample(PLANS);
const long = longSample(['north', 'south', 'west']);

const trained = (
  sample: Sample,
  model: ModelSpec,
  changes: Parameters<typeof setupOf>[2] = {},
  runtime: Runtime = optimised,
): Promise<Checkpoint> =>
  withSetup(runtime, sample, setupOf(sample, model, changes), (setup) => train(runtime, setup));

const RICH = { dropout: 0.3, norm: 'layer', tower: [4] } as const;
/** A schedule that listens, a clipped norm, and patience that runs out for some: all that could tie replicas together. */
const TIES = {
  schedule: { kind: 'plateau', goal: 'max', patience: 0, factor: 0.3 },
  clipNorm: 0.4,
  patience: 2,
} as const;

const SHARINGS = ['shared-bottom', 'independent'];
const SAMPLES: readonly [string, Sample][] = [
  ['wide', wide],
  ['long', long],
];

describe.each(SHARINGS)('%s', (sharing) => {
  test.each(SAMPLES)('%s: seeds side by side end as each alone', async (_, sample) => {
    const seeds = [3, 11, 4];
    for (const [model, changes] of [
      [modelOf(sharing, RICH), {}],
      [modelOf(sharing), {}],
      [modelOf(sharing, { dropout: 0.2 }), TIES],
      [modelOf(sharing), { ...TIES, lazyFrom: 1 }],
    ] as const) {
      const together = await trained(sample, model, { ...changes, seeds });
      for (const [s, seed] of seeds.entries()) {
        const alone = await trained(sample, model, { ...changes, seeds: [seed] });
        const size = alone.best.theta.length;
        expect(
          difference(together.best.theta.subarray(s * size, (s + 1) * size), alone.best.theta),
        ).toBeLessThan(1e-6);
        const steps = alone.history.length;
        expect(
          difference(
            together.history.slice(0, steps).flatMap(({ losses }) => losses[s]!),
            alone.history.flatMap(({ losses }) => losses[0]!),
          ),
        ).toBeLessThan(1e-5);
        if (alone.epoch === together.epoch)
          expect(
            difference(together.state.theta!.subarray(s * size, (s + 1) * size), alone.state.theta!),
          ).toBeLessThan(1e-6);
      }
    }
  });

  test.each(SAMPLES)('%s: both drivers take the same way, bit for bit', async (_, sample) => {
    const model = modelOf(sharing, RICH);
    const [looped, stepwise] = await Promise.all(
      (['looped', 'stepwise'] as const).map((driver) =>
        trained(sample, model, { driver, seeds: [1, 2], maxEpochs: 3 }),
      ),
    );
    expect(looped!.state).toEqual(stepwise!.state);
    expect(looped!.history.map(({ losses }) => losses)).toEqual(
      stepwise!.history.map(({ losses }) => losses),
    );
  });

  test.each(SAMPLES)('%s: both drivers take the same way with lazy tables', async (_, sample) => {
    const [looped, stepwise] = await Promise.all(
      (['looped', 'stepwise'] as const).map((driver) =>
        trained(sample, modelOf(sharing), { driver, seeds: [1, 2], maxEpochs: 3, lazyFrom: 1 }),
      ),
    );
    expect(looped!.state).toEqual(stepwise!.state);
  });

  test.each(SAMPLES)('%s: native and wasm agree', async (_, sample) => {
    const model = modelOf(sharing, RICH);
    const [native, web] = await Promise.all(
      [optimised, wasm].map((runtime) => trained(sample, model, { maxEpochs: 1 }, runtime)),
    );
    expect(difference(native!.state.theta!, web!.state.theta!)).toBeLessThan(1e-5);
  });
});

/** The parameters that one task owns, by names from which its own place and family are gone. */
function ownedBy(
  task: string,
  sample: Sample,
  model: ModelSpec,
  theta: Float32Array,
): Record<string, number[]> {
  const setup = setupOf(sample, model);
  const values = named(setup, theta);
  return Object.fromEntries(
    layoutOf(setup).parameters.flatMap(({ name, owner }): [string, number[]][] => {
      if (owner.kind !== 'task' || !owner.tasks.includes(task)) return [];
      const data = Array.from(values[name]!.data as Float32Array);
      const size = data.length / owner.tasks.length;
      const at = owner.tasks.indexOf(task) * size;
      return [[name, data.slice(at, at + size)]];
    }),
  );
}

test.each([
  ['plain', modelOf('independent'), {}],
  ['with lazy tables', modelOf('independent'), { lazyFrom: 1 }],
  ['with lazy tables, a plateau and clipping', modelOf('independent'), { ...TIES, lazyFrom: 1 }],
  ['with towers, norms, a plateau and clipping', modelOf('independent', { norm: 'layer', tower: [4] }), TIES],
] as const)('independent tasks train as single ones, %s', async (_, model, changes) => {
  const together = await trained(wide, model, changes);
  for (const [t, { name }] of wide.dataset.tasks.entries()) {
    const single = only(wide, t);
    const alone = await trained(single, model, changes);
    const [own, expected] = [
      ownedBy(name, wide, model, together.best.theta),
      ownedBy(name, single, model, alone.best.theta),
    ];
    expect(Object.keys(own)).toEqual(Object.keys(expected));
    for (const [parameter, values] of Object.entries(own))
      expect(difference(values, expected[parameter]!), `${name}: ${parameter}`).toBeLessThan(2e-6);
  }
});

test('with one task, independent and shared-bottom are the same model', async () => {
  const single = only(wide, 0);
  const shared = setupOf(single, modelOf('shared-bottom'));
  const own = setupOf(single, modelOf('independent'));
  const from = layoutOf(shared);
  const to = layoutOf(own);
  expect(to.parameters.map(({ shape }) => shape.reduce((a, b) => a * b, 1))).toEqual(
    from.parameters.map(({ shape }) => shape.reduce((a, b) => a * b, 1)),
  );
  const start = await withSetup(optimised, single, { ...shared, maxEpochs: 1 }, (setup) =>
    train(optimised, setup),
  );
  const resume = { ...start, finished: false };
  const [a, b] = await Promise.all(
    [shared, own].map((one) =>
      withSetup(optimised, single, one, (setup) => train(optimised, setup, { resume })),
    ),
  );
  expect(difference(a!.state.theta!, b!.state.theta!)).toBeLessThan(1e-6);
  expect(a!.history).toHaveLength(5);
});

test('independent networks trained in blocks and in rows have the same parameters', () => {
  const setup = setupOf(long, modelOf('independent', RICH));
  const rows = { ...setup, graph: { ...setup.graph, layout: 'rows' as const } };
  const facts = (one: typeof setup): object[] =>
    layoutOf(one).parameters.map(({ name, shape, owner, initialiser, decays }) => ({
      name,
      shape,
      owner,
      initialiser,
      decays,
    }));
  expect(setup.graph.layout).toBe('blocks');
  expect(facts(rows)).toEqual(facts(setup));
});
