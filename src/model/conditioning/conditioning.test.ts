import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../common/random.ts';
import { evaluate, optimised } from '../../engine/contract/runtimes.ts';
import {
  expand,
  gradient,
  numbers,
  reduceSum,
  square,
  type TensorData,
  tensorData,
} from '../../engine/index.ts';
import { inputLeaves } from '../inputs.ts';
import { buildModel, type ModelSpec } from '../model.ts';
import { initialise, ParameterSet } from '../parameter.ts';
import { SHARINGS } from '../sharing/registry.ts';
import type { BatchLayout } from '../task-axis.ts';
import { CONDITIONINGS, chooseConditioning } from './registry.ts';

const ROWS = 4;
const WIDTH = 3;
const TASKS = ['a', 'b'];
const [INPUTS, HIDDEN] = [3, [4, 5]];
const stream = new RandomStream(7, 'conditioning');
const draw = (count: number, round: number): number[] =>
  Array.from({ length: count }, (_, i) => stream.normal(i, round));
const X = draw(ROWS * INPUTS, 1);
const Z = draw(TASKS.length * WIDTH, 2);
/** The task of each row, where a row has one. */
const TASK = [0, 1, 1, 0];

const SHARED = 'shared-bottom:heads=shared';
type Theta = Record<string, TensorData>;

interface Case {
  readonly sharing?: ModelSpec['sharing'];
  readonly conditioning?: string;
  readonly descriptor?: string;
  readonly hidden?: readonly number[];
  readonly layout?: BatchLayout;
  readonly seeds?: readonly number[];
  /** z as data; without it z is what the descriptor learns or says. */
  readonly table?: boolean;
  readonly x?: { readonly width: number; readonly data: readonly number[] };
  readonly tasks?: readonly string[];
  readonly z?: readonly number[];
}

/** Logits, the names and shapes of all parameters, and how far each moves by Σ logits². */
async function run(
  one: Case,
  change: (theta: Theta) => Theta = (theta) => theta,
): Promise<{ logits: number[]; shape: readonly unknown[]; theta: Theta; slopes: Record<string, number[]> }> {
  const { sharing = SHARED, layout = 'wide', seeds = [0], hidden = HIDDEN, tasks = TASKS } = one;
  const { x = { width: INPUTS, data: X }, table = true, z = Z } = one;
  const shape = { activation: 'gelu', dropout: 0, norm: 'none' } as const;
  const spec: ModelSpec = {
    sharing,
    ...(one.conditioning !== undefined && { conditioning: one.conditioning }),
    ...(one.descriptor !== undefined && { descriptor: one.descriptor }),
    encoder: { ...shape, hidden },
    tower: { ...shape, hidden: [] },
    embedding: 2,
    textEmbedding: 2,
  };
  const features = {
    numeric: x.width,
    categorical: [],
    text: [],
    ...(table && { descriptors: { tasks: tasks.length, width: WIDTH } }),
  };
  const heads = tasks.map((name) => ({ name, family: 'f', width: 1, initialBias: [0] }));
  const set = new ParameterSet(seeds.length === 1 ? [] : [seeds.length]);
  const leaves = inputLeaves(features, ROWS, layout === 'rows');
  // In blocks every task has all rows, so that they can be compared with wide ones.
  const batch =
    layout === 'blocks'
      ? { ...leaves, numeric: expand(leaves.numeric!, [...set.lead, tasks.length, ROWS, x.width]) }
      : leaves;
  const model = buildModel(spec, { features, heads, long: layout !== 'wide' }, set, batch, layout, {
    training: false,
  });
  const logits = [...model.logits.values()][0]!;
  const slopes = gradient(reduceSum(square(logits)), set.leaves);
  const theta = change(initialise(set.parameters, seeds));
  const names = set.parameters.map(({ name }) => name);
  const values = await evaluate(
    optimised,
    { logits, ...Object.fromEntries(names.map((name, i) => [`d ${name}`, slopes[i]!])) },
    {
      ...theta,
      numeric: tensorData(Float32Array.from(x.data), [ROWS, x.width]),
      descriptors: tensorData(Float32Array.from(z), [TASKS.length, WIDTH]),
      task: tensorData(Int32Array.from(TASK), [ROWS], 'int32'),
    },
  );
  return {
    logits: numbers(values.logits!),
    shape: logits.shape,
    theta,
    slopes: Object.fromEntries(names.map((name) => [name, numbers(values[`d ${name}`]!)])),
  };
}

const moved = (theta: Theta): Theta =>
  Object.fromEntries(
    Object.entries(theta).map(([name, { shape, data }]) => [
      name,
      tensorData(
        Float32Array.from(
          data as Float32Array,
          (value, i) => value + 0.5 * new RandomStream(1, name).normal(i),
        ),
        shape,
      ),
    ]),
  );

const list = (data: TensorData): number[] => Array.from(data.data as Float32Array);
const close = (actual: readonly number[], expected: readonly number[]): void => {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-5 * Math.max(1, Math.abs(expected[i]!)));
  });
};
/** The columns of one task of [rows, tasks]. */
const ofTask = (logits: readonly number[], t: number): number[] =>
  logits.filter((_, i) => i % TASKS.length === t);
/** Of wide logits [rows, tasks], each row's own task. */
const ofRows = (logits: readonly number[]): number[] => TASK.map((t, row) => logits[row * TASKS.length + t]!);

describe('where z changes nothing', () => {
  test.each(['film', 'film:at=input+1', 'film:shift=false'])(
    '%s starts as none, exactly',
    async (conditioning) => {
      for (const layout of ['wide', 'rows'] as const) {
        const plain = await run({ layout });
        const filmed = await run({ layout, conditioning });
        expect(filmed.logits).toEqual(plain.logits);
        expect(Object.keys(filmed.theta).length).toBeGreaterThan(Object.keys(plain.theta).length);
      }
    },
  );

  test('a gate that starts lets everything through, and so does one of scale 1 that is open wide', async () => {
    const plain = await run({});
    expect((await run({ conditioning: 'gate' })).logits).toEqual(plain.logits);
    const saturated = await run({ conditioning: 'gate:scale=1' }, (theta) => ({
      ...theta,
      ...Object.fromEntries(
        Object.entries(theta)
          .filter(([name]) => name.endsWith('/gate/bias'))
          .map(([name, value]) => [name, tensorData(Float32Array.from(list(value).fill(40)), value.shape)]),
      ),
    }));
    close(saturated.logits, plain.logits);
    expect((await run({ conditioning: 'gate:scale=1' })).logits).not.toEqual(plain.logits);
  });

  test('none declares nothing', async () => {
    expect(Object.keys((await run({ conditioning: 'none' })).theta)).toEqual(
      Object.keys((await run({})).theta),
    );
  });
});

describe('concatenation', () => {
  const BIAS = 'trunk/mlp/0/below/concat/weight';

  test.each(['wide', 'rows'] as const)('%s: is what a layer over [x; z] computes', async (layout) => {
    const own = await run({ conditioning: 'concat', layout }, moved);
    for (const [t, task] of TASKS.entries()) {
      const z = Z.slice(t * WIDTH, (t + 1) * WIDTH);
      const joined = Array.from({ length: ROWS }, (_, row) => [
        ...X.slice(row * INPUTS, (row + 1) * INPUTS),
        ...z,
      ]);
      const literal = await run(
        { x: { width: INPUTS + WIDTH, data: joined.flat() }, tasks: [task], table: false },
        (theta) => ({
          ...theta,
          ...Object.fromEntries(Object.keys(theta).map((name) => [name, own.theta[name]!])),
          'trunk/mlp/0/weight': tensorData(
            Float32Array.from([...list(own.theta['trunk/mlp/0/weight']!), ...list(own.theta[BIAS]!)]),
            [INPUTS + WIDTH, HIDDEN[0]!],
          ),
        }),
      );
      if (layout === 'wide') close(ofTask(own.logits, t), literal.logits);
      else
        for (const [row, of] of TASK.entries())
          if (of === t) close([own.logits[row]!], [literal.logits[row]!]);
    }
  });

  test('equals addition whose V goes through the layer above', async () => {
    const added = await run({ conditioning: 'add' }, moved);
    const [v, w] = [list(added.theta['trunk/inputs/add/shift']!), list(added.theta['trunk/mlp/0/weight']!)];
    const units = HIDDEN[0]!;
    const product = Array.from({ length: WIDTH * units }, (_, i) => {
      const [from, to] = [Math.floor(i / units), i % units];
      return Array.from({ length: INPUTS }, (_, k) => v[from * INPUTS + k]! * w[k * units + to]!).reduce(
        (a, b) => a + b,
      );
    });
    const joined = await run({ conditioning: 'concat' }, (theta) => ({
      ...added.theta,
      [BIAS]: tensorData(Float32Array.from(product), theta[BIAS]!.shape),
    }));
    close(joined.logits, added.logits);
  });

  test('a one-hot z at the only layer under one head is a bias of each task', async () => {
    const conditioned = await run({ conditioning: 'concat', table: false, hidden: [2] }, moved);
    for (const t of TASKS.keys()) {
      const shift = list(conditioned.theta[BIAS]!).slice(t * 2, (t + 1) * 2);
      const plain = await run({ table: false, hidden: [2] }, (theta) => {
        const name = 'trunk/mlp/0/bias';
        const bias = list(conditioned.theta[name]!).map((value, k) => value + shift[k]!);
        return {
          ...Object.fromEntries(Object.keys(theta).map((own) => [own, conditioned.theta[own]!])),
          [name]: tensorData(Float32Array.from(bias), theta[name]!.shape),
        };
      });
      close(ofTask(conditioned.logits, t), ofTask(plain.logits, t));
    }
  });

  test('before the output layer it is an addition', async () => {
    const joined = await run({ conditioning: 'concat:at=1' }, moved);
    const added = await run({ conditioning: 'add:at=1' }, (theta) => ({
      ...Object.fromEntries(Object.keys(theta).map((name) => [name, joined.theta[name]!])),
      'trunk/mlp/1/add/shift': joined.theta['trunk/mlp/1/concat/weight']!,
    }));
    expect(added.logits).toEqual(joined.logits);
  });
});

test('FiLM is γ ⊙ h + β by hand', async () => {
  const film = await run({ conditioning: 'film:at=input', hidden: [] }, moved);
  const part = (name: string): number[] => list(film.theta[`trunk/inputs/film/${name}`]!);
  const weight = list(film.theta['heads/f/weight']!);
  const [bias] = list(film.theta['heads/f/bias']!);
  const expected = Array.from({ length: ROWS * TASKS.length }, (_, i) => {
    const [row, t] = [Math.floor(i / TASKS.length), i % TASKS.length];
    const along = (w: readonly number[], k: number): number =>
      [0, 1, 2].reduce((sum, j) => sum + Z[t * WIDTH + j]! * w[j * INPUTS + k]!, 0);
    return [0, 1, 2].reduce(
      (sum, k) =>
        sum + ((1 + along(part('scale'), k)) * X[row * INPUTS + k]! + along(part('shift'), k)) * weight[k]!,
      bias!,
    );
  });
  close(film.logits, expected);
});

const SETTINGS = ['concat', 'concat:at=input+0+1', 'add:at=input+1', 'gate', 'film:at=input+0'];
const DESCRIPTORS: readonly Partial<Case>[] = [
  {},
  { table: false },
  { table: false, descriptor: 'embedding:width=2' },
];

/** Sharings without layers between which z could enter. */
const REFUSING = ['task-queries'];

test.each(REFUSING)('%s refuses conditioning', async (sharing) => {
  await expect(run({ sharing, conditioning: 'concat' })).rejects.toMatchObject({
    code: 'conditioning-invalid',
  });
});

describe.each(Object.keys(SHARINGS).filter((name) => !REFUSING.includes(name)))('under %s', (sharing) => {
  test.each(SETTINGS)(
    '%s: a task feels its own z, and no other one where tasks do not mix',
    async (conditioning) => {
      const other = Z.map((value, i) => (i < WIDTH ? value : value + 1));
      for (const layout of ['wide', 'rows'] as const) {
        const one = { sharing, conditioning, layout };
        const [before, after] = [await run(one, moved), await run({ ...one, z: other }, moved)];
        expect(before.shape).toEqual(layout === 'wide' ? [ROWS, TASKS.length, 1] : [ROWS, 1]);
        const taskOf = (i: number): number => (layout === 'wide' ? i % TASKS.length : TASK[i]!);
        for (const [i, value] of before.logits.entries())
          if (taskOf(i) === 1) expect(after.logits[i]).not.toBe(value);
          else if (!SHARINGS[sharing]!.mixes) expect(after.logits[i], layout).toBeCloseTo(value, 6);
      }
    },
  );

  test.each(SETTINGS)(
    '%s: seeds side by side are each alone, and every parameter counts',
    async (conditioning) => {
      const layouts: readonly BatchLayout[] = SHARINGS[sharing]!.blocks
        ? ['wide', 'rows', 'blocks']
        : ['wide', 'rows'];
      for (const layout of layouts)
        for (const descriptor of DESCRIPTORS) {
          const one = { sharing, conditioning, layout, ...descriptor };
          const together = await run({ ...one, seeds: [0, 5] }, moved);
          const half = together.logits.length / 2;
          for (const s of [0, 1]) {
            const alone = await run({ ...one, seeds: [0] }, () =>
              Object.fromEntries(
                Object.entries(together.theta).map(([name, { shape, data }]) => {
                  const size = data.length / 2;
                  return [
                    name,
                    tensorData((data as Float32Array).slice(s * size, (s + 1) * size), shape.slice(1)),
                  ];
                }),
              ),
            );
            expect(alone.shape).toEqual(together.shape.slice(1));
            close(together.logits.slice(s * half, (s + 1) * half), alone.logits);
            for (const [name, slope] of Object.entries(alone.slopes))
              if (/concat|add|gate|film|conditioning/.test(name))
                expect(
                  slope.some((value) => value !== 0),
                  `${name}, ${layout}`,
                ).toBe(true);
          }
        }
    },
  );
});

test.each(SETTINGS)('%s: wide rows, rows of one task and blocks agree', async (conditioning) => {
  for (const descriptor of DESCRIPTORS) {
    const wide = await run({ conditioning, ...descriptor }, moved);
    const rows = await run({ conditioning, ...descriptor, layout: 'rows' }, moved);
    close(rows.logits, ofRows(wide.logits));
    const blocks = await run({ conditioning, ...descriptor, layout: 'blocks' }, moved);
    close(
      TASKS.flatMap((_, t) => ofTask(wide.logits, t)),
      blocks.logits,
    );
  }
});

describe('refused', () => {
  test.each([
    ['flim', /film/],
    ['film:att=input', /at/],
    ['film:at=7', /layers 0 to 1/],
    ['film:at=middle', /input/],
  ])('%s', async (conditioning, message) => {
    const code = 'conditioning-invalid';
    await expect(run({ conditioning })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  test('every conditioning is known by its name', () => {
    for (const [name, conditioning] of Object.entries(CONDITIONINGS))
      expect(chooseConditioning(name).conditioning).toBe(conditioning);
  });
});
