import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../common/random.ts';
import { gradient } from '../gradient.ts';
import { input } from '../leaf.ts';
import { add, gather, mul, reduceSum, square } from '../operators/index.ts';
import { scalarFeeds, scalarInputs } from '../optimiser/feeds.ts';
import { reference } from '../optimiser/reference.test-support.ts';
import { type OptimiserSpec, optimisers, parseOptimiser } from '../optimiser/registry.ts';
import { runtime, wave } from '../optimiser/run.test-support.ts';
import type { Stepper } from '../runtime/runtime.ts';
import { compileStep, type Driver, type Step } from '../step.ts';
import type { Tensor } from '../tensor.ts';
import { type TensorData, tensorData } from '../tensor-data.ts';
import { compactRows } from './compact.ts';
import { lazyRows } from './lazy.ts';
import { EmbeddingStore } from './store.ts';

const SPECS: OptimiserSpec[] = [
  { kind: 'sgd' },
  { kind: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 0.1 },
  { kind: 'adagrad', weightDecay: 0.1 },
  { kind: 'rmsprop', momentum: 0.9, centred: true, smoothing: 0.9, epsilon: 1e-3 },
  { kind: 'adam', weightDecay: 0.1 },
  { kind: 'adamw', weightDecay: 0.1 },
];
const [STEPS, BATCH, DIM] = [4, 6, 3];
const RATE = 0.05;

/** ½ Σ wᵢ eᵢ² + Σ wᵢ eᵢ, whose gradient by eᵢ is wᵢ (eᵢ + 1). */
const loss = (embedded: Tensor): Tensor => {
  const weights = input('weights', [BATCH, 1], { role: 'step' });
  return reduceSum(mul(weights, add(mul(square(embedded), 0.5), embedded)));
};

const slotLeaves = (spec: OptimiserSpec, rows: string | number): Record<string, Tensor> =>
  Object.fromEntries(
    parseOptimiser(spec).slots.map((name) => [name, input(`slot/${name}`, [rows, DIM], { role: 'state' })]),
  );

function stepOf(table: Tensor, slots: Record<string, Tensor>, next: ReturnType<typeof update>): Step {
  return {
    state: [
      { leaf: table, next: next.table },
      ...Object.entries(slots).map(([name, leaf]) => ({ leaf, next: next.slots[name]! })),
    ],
    outputs: { done: reduceSum(next.table) },
  };
}
type Lazy = ReturnType<typeof lazyRows>;
const update = (lazy: Lazy): ReturnType<Lazy['update']> =>
  lazy.update(gradient(loss(lazy.embedded), [lazy.rows])[0]!);

function lazyStep(spec: OptimiserSpec, width: number): Step {
  const optimiser = parseOptimiser(spec);
  const table = input('table', ['rows', DIM], { role: 'state' });
  const slots = slotLeaves(spec, 'rows');
  const unique = input('unique', [width], { dtype: 'int32', role: 'step' });
  const inverse = input('inverse', [BATCH], { dtype: 'int32', role: 'step' });
  const scalars = scalarInputs(optimiser);
  return stepOf(table, slots, update(lazyRows({ table, slots, unique, inverse, optimiser, scalars })));
}

function denseStep(spec: OptimiserSpec, rows: number): Step {
  const optimiser = parseOptimiser(spec);
  const table = input('table', [rows, DIM], { role: 'state' });
  const slots = slotLeaves(spec, rows);
  const indices = input('indices', [BATCH], { dtype: 'int32', role: 'step' });
  const [g] = gradient(loss(gather(table, indices)), [table]);
  const next = optimiser.update({ parameter: table, gradient: g!, slots, scalars: scalarInputs(optimiser) });
  return stepOf(table, slots, { table: next.parameter, slots: next.slots });
}

const feedsOf = (spec: OptimiserSpec, chunk: number): Record<string, TensorData> => ({
  weights: tensorData(wave(STEPS * BATCH, chunk), [STEPS, BATCH, 1]),
  ...scalarFeeds(parseOptimiser(spec), chunk * STEPS + 1, new Array<number>(STEPS).fill(RATE)),
});
const stateOf = (
  table: TensorData,
  slots: Readonly<Record<string, TensorData>>,
): Record<string, TensorData> => ({
  table,
  ...Object.fromEntries(Object.entries(slots).map(([name, slot]) => [`slot/${name}`, slot])),
});

/** Trains the store on chunks of indices, by rows used. */
async function train(
  spec: OptimiserSpec,
  store: EmbeddingStore,
  chunks: Int32Array[],
  width: number,
  driver: Driver = 'looped',
): Promise<void> {
  const stepper: Stepper = await runtime.loadStep(compileStep(lazyStep(spec, width), { driver }));
  await stepper.bind({});
  for (const [chunk, indices] of chunks.entries()) {
    const { rows, unique, inverse } = compactRows(indices, [STEPS, BATCH], { width });
    const lent = store.gatherChunk(rows);
    await stepper.write(stateOf(lent.table, lent.slots));
    await stepper.advance(STEPS, { unique, inverse, ...feedsOf(spec, chunk) });
    const { table, ...slots } = await stepper.read();
    const own = Object.keys(lent.slots).map((name) => [name, slots[`slot/${name}`]!]);
    store.writeBack(rows, { table: table!, slots: Object.fromEntries(own) });
  }
  await stepper.close();
}

const storeOf = (spec: OptimiserSpec, rows: number): EmbeddingStore =>
  new EmbeddingStore(Float32Array.from(wave(rows * DIM, 2)), DIM, parseOptimiser(spec).slots);

describe.each(SPECS)('$kind', (spec) => {
  test(`where every step uses every row, lazy is dense bit for bit: ${JSON.stringify(spec)}`, async () => {
    const rows = 4;
    const random = new RandomStream(1, 'lazy');
    // Every row once in random order, and two duplicates.
    const chunks = [0, 1, 2].map((chunk) =>
      Int32Array.from({ length: STEPS * BATCH }, (_, i) => {
        const order = random.permutation(rows, chunk * STEPS + Math.floor(i / BATCH));
        return order[(i % BATCH) % rows]!;
      }),
    );
    const store = storeOf(spec, rows);
    const initial = storeOf(spec, rows);
    await train(spec, store, chunks, BATCH);

    const dense = await runtime.loadStep(compileStep(denseStep(spec, rows), { driver: 'looped' }));
    await dense.bind({});
    const full = (data: Float32Array): TensorData => tensorData(data, [rows, DIM]);
    const slots = Object.entries(initial.slots).map(([name, slot]) => [name, full(slot)]);
    await dense.write(stateOf(full(initial.table), Object.fromEntries(slots)));
    for (const [chunk, indices] of chunks.entries())
      await dense.advance(STEPS, {
        indices: tensorData(indices, [STEPS, BATCH], 'int32'),
        ...feedsOf(spec, chunk),
      });
    const state = await dense.read();
    expect(store.table).toEqual(state.table!.data);
    for (const [name, slot] of Object.entries(store.slots)) expect(slot).toEqual(state[`slot/${name}`]!.data);
    await dense.close();
  });

  test(`rows are updated in the steps that use them and in no other: ${JSON.stringify(spec)}`, async () => {
    const rows = 50;
    const random = new RandomStream(2, 'lazy');
    const chunks = [0, 1, 2].map((chunk) =>
      Int32Array.from({ length: STEPS * BATCH }, (_, i) => random.integer(12, i, chunk)),
    );
    const store = storeOf(spec, rows);
    await train(spec, store, chunks, BATCH);
    const stepwise = storeOf(spec, rows);
    await train(spec, stepwise, chunks, BATCH, 'stepwise');
    expect(stepwise).toEqual(store);

    const initial = storeOf(spec, rows);
    const expected = Array.from(initial.table);
    const updates = expected.map(() => reference(spec));
    chunks.forEach((indices, chunk) => {
      const weights = wave(STEPS * BATCH, chunk);
      for (let k = 0; k < STEPS; k++) {
        const sums = new Map<number, number>();
        for (let i = k * BATCH; i < (k + 1) * BATCH; i++)
          for (let j = 0; j < DIM; j++) {
            const at = indices[i]! * DIM + j;
            sums.set(at, (sums.get(at) ?? 0) + weights[i]! * (expected[at]! + 1));
          }
        for (const [at, sum] of sums)
          expected[at] = updates[at]!(expected[at]!, sum, chunk * STEPS + k + 1, RATE, true);
      }
    });
    store.table.forEach((value, i) => {
      expect(Math.abs(value - expected[i]!)).toBeLessThan(2e-6);
    });
    const touched = new Set(chunks.flatMap((indices) => [...indices]));
    expect(touched.size).toBeLessThan(rows);
    for (const [now, before] of [
      [store.table, initial.table],
      ...Object.entries(store.slots).map(([name, slot]) => [slot, initial.slots[name]!] as const),
    ] as const)
      for (let row = 0; row < rows; row++) {
        if (touched.has(row)) continue;
        expect(now.subarray(row * DIM, (row + 1) * DIM)).toEqual(before.subarray(row * DIM, (row + 1) * DIM));
      }
  });
});

test('every registered optimiser is tried', () => {
  expect(new Set(SPECS.map(({ kind }) => kind))).toEqual(new Set(Object.keys(optimisers)));
});
