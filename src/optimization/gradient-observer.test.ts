import { describe, expect, test } from 'vitest';
import { optimised } from '../engine/contract/runtimes.ts';
import type { ModelSpec } from '../model/index.ts';
import { chooseObjective } from '../objective/index.ts';
import { isShared } from './compared.ts';
import { taskTargets } from './dataset.ts';
import { lossesOver } from './dataset-losses.ts';
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
import { type GradientLook, GradientObserver, type GradientObserverOptions } from './gradient-observer.ts';
import { RowStream } from './sampling/sampler.ts';
import { train } from './train.ts';
import type { Checkpoint, TrainingHooks } from './training.ts';

const WIDE = wideSample([
  { name: 'size', kind: 'regression', missing: 0.2 },
  { name: 'sold', kind: 'binary', missing: 0.3 },
  { name: 'grade', kind: 'multiclass' },
  { name: 'rent', kind: 'regression' },
]);
const LONG = longSample(['north', 'south', 'west']);
const rowsOf = ({ dataset, train: rows }: Sample): Int32Array[] =>
  taskTargets(dataset, rows).map(({ positions }) => positions.map((at) => rows[at]!));

/** Keeps every look as it was. */
class Looks {
  readonly all: GradientLook[] = [];

  add(look: GradientLook): void {
    this.all.push(look);
  }

  toJSON(): unknown {
    return this.all.map(({ compared }) => compared);
  }
}

interface Seen {
  readonly looks: readonly GradientLook[];
  readonly layers: readonly string[];
  readonly checkpoint: Checkpoint;
}

async function seen(
  sample: Sample,
  model: ModelSpec,
  changes: Parameters<typeof setupOf>[2],
  options: Partial<GradientObserverOptions>,
  hooks?: TrainingHooks,
): Promise<Seen> {
  const recorder = new Looks();
  let layers: readonly string[] = [];
  const setup = setupOf(sample, model, changes);
  const observer = await GradientObserver.open(optimised, setup, {
    every: 1,
    sources: sample.dataset.tasks.length,
    looksAhead: true,
    rate: 0.1,
    record: (names) => {
      layers = names;
      return recorder;
    },
    ...options,
  });
  try {
    const checkpoint = await withSetup(optimised, sample, setup, (whole) =>
      train(optimised, { ...whole, observer }, hooks),
    );
    return { looks: recorder.all, layers, checkpoint };
  } finally {
    await observer?.close();
  }
}

/** θ after a step of one task on the shared parameters alone, by an ordinary training of one step. */
async function steppedBy(
  sample: Sample,
  model: ModelSpec,
  rows: Int32Array,
  source: number,
): Promise<Float32Array> {
  const setup = setupOf(sample, model, { ...ONE_STEP, ...ofRows(rows), objective: alone(sample, source) });
  const { checkpoint, start } = await withSetup(optimised, sample, setup, async (whole) => ({
    checkpoint: await train(optimised, whole),
    start: await train(optimised, { ...whole, learningRate: 1e-30 }),
  }));
  const theta = start.state.theta!.slice();
  const { parameters, layout } = layoutOf(setup);
  for (const parameter of parameters.filter(isShared)) {
    const { start: from, end } = layout.slice(parameter.name);
    theta.set(checkpoint.state.theta!.subarray(from, end), from);
  }
  return theta;
}

const ONE_STEP = { optimiser: { kind: 'sgd' }, learningRate: 0.1, maxEpochs: 1 } as const;
const ofRows = (rows: Int32Array) => ({
  sampler: { stepsPerEpoch: 1, rowsPerStep: rows.length, epoch: () => ({ rows }) },
});
const alone = ({ dataset }: Sample, source: number) =>
  chooseObjective({
    name: 'fixed',
    weights: Object.fromEntries(dataset.tasks.map(({ name }, t) => [name, Number(t === source)])),
  });

describe.each([
  ['wide, labels missing', WIDE, undefined],
  ['long, in blocks', LONG, { rows: rowsOf(LONG), size: 6 }],
] as const)('%s', (_, sample, blocks) => {
  const model = modelOf('shared-bottom');
  const rows = blocks === undefined ? sample.train.slice(5, 25) : firstBlocks(sample, blocks.size);
  const look = async (changes = {}): Promise<GradientLook> => {
    const options = { ...(blocks && { blocks }), ...changes };
    const { looks } = await seen(sample, model, { ...ONE_STEP, ...ofRows(rows) }, options);
    return looks[0]!;
  };

  test('L_j(θ − η gᵢ) as of θ moved by a training step, [source][task]', async () => {
    const { losses, ahead } = await look();
    const { signature, dataset } = sample;
    const at = async (theta: Float32Array): Promise<readonly number[]> =>
      (await lossesOver(optimised, model, signature, dataset, { theta, seeds: 1 }, rows))[0]!;
    expect(ahead!.map(({ source }) => source)).toEqual(dataset.tasks.map((_own, t) => t));
    for (const { source, losses: after } of ahead!) {
      const theta = await steppedBy(sample, model, rows, source);
      expect(difference(after, await at(theta))).toBeLessThan(1e-5);
      // A step of the source lowers its own loss by more than rounding.
      expect(after[source]!).toBeLessThan(losses[source]! - 1e-4);
    }
  });

  test('the Gramians of the layers are what a small step does to the losses', async () => {
    const rate = 1e-3;
    const { losses, ahead, gramians } = await look({ rate });
    const tasks = losses.length;
    for (let i = 0; i < tasks; i++)
      for (let j = 0; j < tasks; j++) {
        const whole = gramians.reduce((sum, gramian) => sum + gramian[i * tasks + j]!, 0);
        expect(Math.abs((losses[j]! - ahead![i]!.losses[j]!) / rate - whole)).toBeLessThan(
          5e-3 * Math.max(1, Math.abs(whole)),
        );
      }
  });

  test('some sources are some of all', async () => {
    const all = await look();
    const tasks = all.losses.length;
    const some = await look({ sources: 2 });
    expect(some.losses).toEqual(all.losses);
    expect(some.ahead).toHaveLength(2);
    for (const { source, losses } of some.ahead!)
      expect(difference(losses, all.ahead![source]!.losses)).toBeLessThan(1e-6);
    const { compared } = some;
    expect(compared).toHaveLength(blocks === undefined ? 2 : tasks);
    some.gramians.forEach((gramian, layer) => {
      compared.forEach((t, i) => {
        compared.forEach((u, j) => {
          expect(gramian[i * compared.length + j]).toBeCloseTo(all.gramians[layer]![t * tasks + u]!, 6);
        });
      });
    });
  });
});

/** The rows that the first look draws. */
function firstBlocks(sample: Sample, size: number): Int32Array {
  const drawn: number[] = [];
  const names = sample.dataset.tasks.map(({ name }) => name);
  rowsOf(sample).forEach((rows, t) => {
    const stream = new RowStream(rows, 0, `gradients/${names[t]}`);
    for (let i = 0; i < size; i++) drawn.push(stream.at(i));
  });
  return Int32Array.from(drawn);
}

test('losses are those of the step itself, under its dropout, and stay so at a step of length 0', async () => {
  const model = modelOf('mmoe:experts=2,hidden=4', { dropout: 0.4, norm: 'layer', tower: [4] });
  const { looks, checkpoint, layers } = await seen(WIDE, model, { seeds: [3, 4], maxEpochs: 1 }, { rate: 0 });
  expect(looks).toHaveLength(4);
  const { losses } = checkpoint.history[0]!;
  WIDE.dataset.tasks.forEach((_, t) => {
    const mean = looks.reduce((sum, own) => sum + own.losses[t]!, 0) / looks.length;
    expect(mean).toBeCloseTo(losses[0]![t]!, 5);
  });
  for (const { losses: own, ahead } of looks)
    for (const { losses: after } of ahead!) expect(difference(after, own)).toBeLessThan(1e-6);
  expect(layers.length).toBeGreaterThan(2);
});

test('every task comes up as often as any other, in ever new company', async () => {
  const { looks } = await seen(WIDE, modelOf('shared-bottom'), { maxEpochs: 12 }, { sources: 3 });
  const counts = [0, 0, 0, 0];
  const pairs = new Set<string>();
  for (const { compared } of looks) {
    expect(new Set(compared).size).toBe(3);
    for (const t of compared) counts[t]!++;
    pairs.add([...compared].sort().join());
  }
  expect(counts.reduce((a, b) => a + b)).toBe(48 * 3);
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(24);
  expect(pairs.size).toBe(4);
});

test('blocks draw on: each look has other rows of each task, all of them in turn', async () => {
  const rows = rowsOf(LONG);
  const least = Math.min(...rows.map(({ length }) => length));
  const options = { blocks: { rows, size: 4 }, looksAhead: false };
  const still = { learningRate: 1e-30, maxEpochs: 8 };
  const { looks } = await seen(LONG, modelOf('shared-bottom'), still, options);
  const drawn = new Set(looks.map(({ losses }) => losses[0]));
  expect(drawn.size).toBeGreaterThanOrEqual(Math.floor(least / 4));
});

test('looks thin out as training goes on', async () => {
  const open = (thinning: number, first = 0): Promise<GradientObserver | undefined> =>
    GradientObserver.open(optimised, setupOf(WIDE, modelOf('shared-bottom')), {
      ...{ every: 4, first, thinning, sources: 2, looksAhead: false, rate: 1 },
      record: () => new Looks(),
    });
  const stepsOf = async (thinning: number, first?: number): Promise<number[]> => {
    const observer = (await open(thinning, first))!;
    const all = Array.from({ length: 40 }, (_, step) => step).filter((step) => observer.next(step) === step);
    await observer.close();
    return all;
  };
  expect(await stepsOf(0)).toEqual([0, 4, 8, 12, 16, 20, 24, 28, 32, 36]);
  expect(await stepsOf(0.5)).toEqual([0, 4, 8, 12, 18, 27]);
  expect(await stepsOf(0.5, 3)).toEqual([3, 7, 11, 16, 24, 36]);
});

test('where nothing is shared there is nothing to look at', async () => {
  const { looks } = await seen(WIDE, modelOf('independent'), { maxEpochs: 1 }, {});
  expect(looks).toEqual([]);
});
