import { describe, expect, test } from 'vitest';
import { optimised } from '../engine/contract/runtimes.ts';
import { type OptimiserSpec, ParameterLayout, parseOptimiser } from '../engine/optimiser/index.ts';
import { type TensorData, tensorData } from '../engine/tensor-data.ts';
import { initialise } from '../model/index.ts';
import {
  difference,
  layoutOf,
  longSample,
  modelOf,
  type Sample,
  setupOf,
  wideSample,
  withSetup,
} from './fixture.test-support.ts';
import { openTrainingStep } from './lazy-stepper.ts';
import { LAZY_ELEMENTS } from './lazy-tables.ts';
import { dropoutKeys, optimiserFeeds, stepFeeds } from './step-feeds.ts';
import { train } from './train.ts';
import type { Checkpoint, TrainingSetup } from './training.ts';
import { buildTrainingStep, THETA, type TrainingStep } from './training-step.ts';

/** The same problem with tables of more rows, most of which no example uses. */
function spacious({ dataset, signature, ...rest }: Sample, buckets: number): Sample {
  const text = dataset.features.text.map((column) => ({ ...column, buckets }));
  return {
    ...rest,
    dataset: { ...dataset, features: { ...dataset.features, text } },
    signature: {
      ...signature,
      features: {
        ...signature.features,
        text: text.map(({ name, length }) => ({ name, buckets, length })),
      },
    },
  };
}

const wide = wideSample([
  { name: 'size', kind: 'regression', missing: 0.2 },
  { name: 'sold', kind: 'binary' },
  { name: 'price', kind: 'regression' },
]);
const long = longSample(['north', 'south', 'west']);
const CASES: readonly [string, string, Sample][] = [
  ['wide', 'shared-bottom', wide],
  ['wide', 'independent', wide],
  ['long', 'shared-bottom', long],
  ['long', 'independent', long],
];

type Changes = Parameters<typeof setupOf>[2];
const trained = (
  sample: Sample,
  sharing: string,
  changes: Changes,
  kept: Checkpoint[] = [],
): Promise<Checkpoint> =>
  withSetup(optimised, sample, setupOf(sample, modelOf(sharing), changes), (setup) =>
    train(optimised, setup, { onCheckpoint: async (one) => void kept.push(one) }),
  );

const builtOf = (setup: Omit<TrainingSetup, 'evaluate'>, optimiser: OptimiserSpec): TrainingStep =>
  buildTrainingStep({
    ...setup.graph,
    optimiser: parseOptimiser(optimiser),
    seeds: setup.seeds.length,
    rowsPerStep: setup.sampler.rowsPerStep,
    groups: 'replica',
  });

describe.each(CASES)('%s, %s', (_, sharing, sample) => {
  test.each([
    // Every batch holds every row of every table.
    ['adam', { batchSize: 48, optimiser: { kind: 'adam', weightDecay: 0.1 } }],
    // Without memory, a row that is not used does not move in a dense step either.
    ['sgd', { optimiser: { kind: 'sgd', weightDecay: 0.1 } }],
  ] as const)('as dense tables do: %s', async (_name, changes) => {
    for (const clipNorm of [undefined, 0.3]) {
      const both = { ...changes, seeds: [3, 4], ...(clipNorm !== undefined && { clipNorm }) };
      const lazy = await trained(sample, sharing, { ...both, lazyFrom: 1 });
      const dense = await trained(sample, sharing, both);
      expect(Object.keys(lazy.state)).toEqual(Object.keys(dense.state));
      for (const [name, values] of Object.entries(dense.state))
        expect(difference(lazy.state[name]!, values), name).toBeLessThan(1e-6);
      expect(difference(lazy.best.theta, dense.best.theta)).toBeLessThan(1e-6);
    }
  });

  test('chunks of any length give the same bits', async () => {
    const spec: OptimiserSpec = { kind: 'adam' };
    const setup = setupOf(sample, modelOf(sharing, { dropout: 0.2 }), {
      seeds: [3, 4],
      lazyFrom: 1,
      clipNorm: 0.3,
    });
    const built = builtOf(setup, spec);
    expect(built.tables.map(({ parameter }) => parameter.name)).toEqual([
      'trunk/categories',
      'trunk/text/words',
    ]);
    const plans = setup.seeds.map((seed) => setup.sampler.epoch(0, seed));
    const { lead, size } = built.layout;
    const theta = built.layout.write(initialise(built.parameters, setup.seeds));
    const ends: Record<string, TensorData>[] = [];
    for (const chunks of [[4], [1, 3], [1, 1, 1, 1]]) {
      const stepper = await openTrainingStep(optimised, built, { driver: 'looped', name: 'chunks' });
      await stepper.bind(setup.tables);
      const start = built.states.map((name) => [
        name,
        name === THETA ? theta : new Float32Array(theta.length),
      ]);
      await stepper.write(
        Object.fromEntries(
          start.map(([name, data]) => [name, tensorData(data as Float32Array, [...lead, size])]),
        ),
      );
      let at = 0;
      for (const steps of chunks) {
        const { rowsPerStep } = setup.sampler;
        const tasks = setup.graph.tasks.length;
        const rates = Array.from({ length: steps }, () => [0.01, 0.01]);
        await stepper.advance(steps, {
          ...stepFeeds(plans, { start: at, steps, rowsPerStep, tasks }),
          ...optimiserFeeds(parseOptimiser(spec), at + 1, rates, 2),
          ...dropoutKeys(setup.seeds, at, steps),
        });
        at += steps;
      }
      ends.push(await stepper.read());
      await stepper.close();
    }
    expect(ends[0]![THETA]!.data).not.toEqual(theta);
    expect(ends[1]).toEqual(ends[0]);
    expect(ends[2]).toEqual(ends[0]);
  });

  test('rows that are not used keep value and slots bit for bit', async () => {
    const roomy = spacious(sample, 40);
    const setup = setupOf(roomy, modelOf(sharing), { lazyFrom: 40 });
    const { layout } = layoutOf(setup);
    const { start, end } = layout.slice('trunk/text/words');
    // Half of the examples an epoch: what the others alone use must rest.
    const halves = [0, 1].map((half) => roomy.train.filter((_row, i) => i % 6 === half));
    const sampler: TrainingSetup['sampler'] = {
      stepsPerEpoch: 2,
      rowsPerStep: setup.sampler.rowsPerStep,
      epoch: (epoch) => ({
        rows: Int32Array.from({ length: 2 * setup.sampler.rowsPerStep }, (_row, i) => {
          const half = halves[epoch % 2]!;
          return half[i % half.length]!;
        }),
      }),
    };
    const kept: Checkpoint[] = [];
    await trained(roomy, sharing, { lazyFrom: 40, sampler, maxEpochs: 3 }, kept);
    const [words] = roomy.dataset.features.text;
    const copies = (end - start) / 80;
    for (const [before, after] of [
      [kept[0]!, kept[1]!],
      [kept[1]!, kept[2]!],
    ] as const) {
      const used = new Set<number>();
      for (const row of halves[(after.epoch - 1) % 2]!)
        for (let l = 0; l < words!.length; l++) used.add(words!.ids[row * words!.length + l]!);
      for (const [name, values] of Object.entries(after.state))
        for (let row = 0; row < copies * 40; row++) {
          if (used.has(row % 40)) continue;
          const at = start + 2 * row;
          expect(values.slice(at, at + 2), name).toEqual(before.state[name]!.slice(at, at + 2));
        }
    }
    expect(kept[2]!.state[THETA]).not.toEqual(kept[1]!.state[THETA]);
  });
});

test('large tables are lazy, and the copies of tasks and seeds do not count', () => {
  const tablesOf = (buckets: number, sharing: string, seeds: number[]): string[] => {
    const roomy = spacious(wide, buckets);
    const setup = setupOf(roomy, modelOf(sharing), { seeds });
    const built = builtOf(setup, { kind: 'adam' });
    expect(built.layout.size).toBe(new ParameterLayout(built.parameters).size);
    return built.tables.map(({ parameter }) => parameter.name);
  };
  for (const sharing of ['shared-bottom', 'independent'])
    for (const seeds of [[1], [1, 2]]) {
      expect(tablesOf(LAZY_ELEMENTS / 2, sharing, seeds)).toEqual(['trunk/text/words']);
      expect(tablesOf(LAZY_ELEMENTS / 2 - 1, sharing, seeds)).toEqual([]);
    }
});
