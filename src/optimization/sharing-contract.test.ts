import { describe, expect, test } from 'vitest';
import { checkGradients } from '../engine/contract/numeric.ts';
import { evaluate, optimised, wasm } from '../engine/contract/runtimes.ts';
import { topological } from '../engine/graph.ts';
import { add, gradient, numbers, reduceSum, type Tensor } from '../engine/index.ts';
import { initialise, partsOf } from '../model/parameter.ts';
import { chooseSharing, SHARINGS } from '../model/sharing/registry.ts';
import { longSample, only, type Sample, TRUNKS, wideSample } from './fixture.test-support.ts';
import {
  type BuiltLosses,
  buildLosses,
  doubleFeeds,
  inDouble,
  layoutFor,
  lossFeeds,
} from './losses.test-support.ts';

const wide = wideSample([
  { name: 'size', kind: 'regression', missing: 0.3 },
  { name: 'sold', kind: 'binary', missing: 0.6 },
  { name: 'price', kind: 'regression' },
]);
const long = longSample(['north', 'south', 'west']);
const range = (count: number, from: number = 0): number[] =>
  Array.from({ length: count }, (_, i) => from + i);

/** Rows of a batch: for blocks as many of each task. */
function batch(sample: Sample, sharing: string, count: number, tasks?: readonly number[]): number[] {
  const { taskOfRow, tasks: all } = sample.dataset;
  if (taskOfRow === undefined) return range(count);
  const allowed = tasks ?? all.map((_, t) => t);
  const rows = range(64).filter((row) => allowed.includes(taskOfRow[row]!));
  if (layoutFor(sample, sharing) !== 'blocks') return rows.slice(0, count);
  return all.flatMap((_, t) => rows.filter((row) => taskOfRow[row] === t).slice(0, Math.ceil(count / 3)));
}

/** Everything that trains: the losses and what the model adds to them. */
function objective({ losses, model }: BuiltLosses): Tensor {
  return model.penalty === undefined ? reduceSum(losses) : add(reduceSum(losses), reduceSum(model.penalty));
}

const samples = [
  ['wide', wide],
  ['long', long],
] as const;
const pairs = [
  ...Object.keys(SHARINGS).map((name) => [name, 'mlp', {}] as const),
  ...Object.entries(TRUNKS).flatMap(([trunk, changes]) =>
    ['shared-bottom', 'independent', 'mmoe'].map((name) => [name, trunk, changes] as const),
  ),
];
const every = pairs.flatMap(([name, trunk, changes]) =>
  samples.map(([shape, sample]) => [name, trunk, shape, sample, changes] as const),
);

describe.each(every)('%s over %s, %s', (name, _trunk, shape, sample, changes) => {
  const { sharing } = chooseSharing(name);

  test('gradients are those of central differences', async () => {
    const rows = batch(sample, name, 6);
    const built = buildLosses(sample, name, rows, { ...changes, dropout: 0.25 });
    // A term with a stopped gradient says on purpose something else than its differences.
    const stops = topological([objective(built)]).some(({ operator }) => operator.name === 'stopGradient');
    const { outputs, image } = inDouble([stops ? reduceSum(built.losses) : objective(built)]);
    const inputs = built.leaves.flatMap((leaf, i) => {
      const tensor = image.get(leaf);
      return tensor === undefined ? [] : [{ name: built.parameters[i]!.name, tensor }];
    });
    const wrt = inputs.map(({ tensor }) => tensor);
    await checkGradients(
      [{ label: name, loss: outputs[0]!, gradients: gradient(outputs[0]!, wrt), inputs }],
      doubleFeeds(lossFeeds(sample, built, rows)),
      1e-6,
    );
  });

  test('a task that is absent from the batch, or has no labels in it, has loss 0 and moves nothing of its own', async () => {
    if (layoutFor(sample, name) === 'blocks') return expect(shape).toBe('long');
    const { labels } = wide.dataset;
    const rows =
      shape === 'wide'
        ? range(64).filter((row) => labels[2]!.weights[row] === 0)
        : batch(sample, name, 64, [0, 1]);
    const built = buildLosses(sample, name, rows, { ...changes, dropout: 0.2 });
    const parts = gradient(reduceSum(built.losses), built.leaves);
    const outputs = Object.fromEntries(built.parameters.map((own, i) => [`d ${own.name}`, parts[i]!]));
    const values = await evaluate(
      optimised,
      { losses: built.losses, ...outputs },
      lossFeeds(sample, built, rows),
    );
    const losses = numbers(values.losses!);
    expect(losses[2]).toBe(0);
    expect(losses.slice(0, 2).every((loss) => loss > 0)).toBe(true);
    const absent = sample.dataset.tasks[2]!.name;
    for (const parameter of built.parameters) {
      const own = numbers(values[`d ${parameter.name}`]!);
      expect(own.every(Number.isFinite), parameter.name).toBe(true);
      if (sharing.mixes && !parameter.name.startsWith('heads')) continue;
      const mine = partsOf(parameter.owner, own.length).find(({ task }) => task === absent);
      const moved = range(mine?.count ?? 0).some((i) => own[mine!.at(i)] !== 0);
      expect(moved, `${parameter.name} of ${absent}`).toBe(false);
    }
  });

  test('one task alone is learned as well', async () => {
    const one = shape === 'wide' ? only(sample, 0) : longSample(['north']);
    const rows = range(8);
    const built = buildLosses(one, name, rows, changes);
    const parts = gradient(objective(built), built.leaves);
    const outputs = Object.fromEntries(built.parameters.map((own, i) => [`d ${own.name}`, parts[i]!]));
    const values = await evaluate(
      optimised,
      { losses: built.losses, ...outputs },
      lossFeeds(one, built, rows),
    );
    expect(numbers(values.losses!)[0]).toBeGreaterThan(0);
    for (const { name: parameter } of built.parameters)
      expect(numbers(values[`d ${parameter}`]!).every(Number.isFinite), parameter).toBe(true);
  });

  test('seeds side by side are each what they are alone; wasm says the same as native', async () => {
    const rows = batch(sample, name, 6);
    const both = buildLosses(sample, name, rows, { ...changes, seeds: 2 });
    const alone = buildLosses(sample, name, rows, changes);
    const together = await evaluate(
      optimised,
      { losses: both.losses },
      lossFeeds(sample, both, rows, [3, 4]),
    );
    const browser = await evaluate(wasm, { losses: both.losses }, lossFeeds(sample, both, rows, [3, 4]));
    const each = await Promise.all(
      [3, 4].map((seed) =>
        evaluate(optimised, { losses: alone.losses }, lossFeeds(sample, alone, rows, [seed])),
      ),
    );
    const expected = each.flatMap(({ losses }) => numbers(losses!));
    numbers(together.losses!).forEach((loss, i) => {
      expect(loss).toBeCloseTo(expected[i]!, 5);
      expect(numbers(browser.losses!)[i]).toBeCloseTo(loss, 5);
    });
  });

  test('the graph does not grow with the number of tasks', () => {
    const nodes = (count: number): number => {
      const names = range(count).map((t) => `task ${t}`);
      const own =
        shape === 'wide'
          ? wideSample(names.map((task) => ({ name: task, kind: 'regression' })))
          : longSample(names);
      const built = buildLosses(own, name, batch(own, name, 6), changes);
      return topological(gradient(objective(built), built.leaves)).length;
    };
    expect(nodes(8)).toBe(nodes(4));
  });

  test('starting values are finite, every parameter has an owner, every task stands in the drawing', () => {
    const built = buildLosses(sample, name, batch(sample, name, 6), changes);
    for (const { data } of Object.values(initialise(built.parameters, [0])))
      expect(Array.from(data as Float32Array).every(Number.isFinite)).toBe(true);
    const tasks = sample.dataset.tasks.map((task) => task.name);
    const { options } = chooseSharing(name);
    const { blocks, links, outputs } = sharing.sketch({ tasks, widths: [6, 5] }, options);
    const ids = new Set(blocks.map(({ id }) => id));
    expect(ids.size).toBe(blocks.length);
    expect(Object.keys(outputs)).toEqual(tasks);
    for (const id of [...links.flatMap(({ from, to }) => [from, to]), ...Object.values(outputs)])
      expect(ids).toContain(id);
  });
});

test.each(Object.values(SHARINGS))('$name: its options survive JSON, and say what they do', (sharing) => {
  const { options } = chooseSharing(sharing.name);
  const again = chooseSharing(JSON.parse(JSON.stringify({ name: sharing.name, ...options })));
  expect(again.options).toEqual(options);
  for (const option of Object.values(
    sharing.options as Record<string, { about: string; expected: string }>,
  )) {
    expect(option.about).toMatch(/\.$/);
    expect(option.expected).not.toBe('');
  }
  expect(sharing.about).toMatch(/\.$/);
});
