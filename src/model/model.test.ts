import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RandomStream } from '../common/random.ts';
import { evaluate, optimised } from '../engine/contract/runtimes.ts';
import {
  gradient,
  input,
  numbers,
  reduceSum,
  slice,
  square,
  type Tensor,
  type TensorData,
  tensorData,
} from '../engine/index.ts';
import { type HeadSpec, orderByFamily } from './heads.ts';
import { inputLeaves } from './inputs.ts';
import { ACTIVATIONS, type Activation } from './layers.ts';
import { buildModel, type ModelSignature, type ModelSpec } from './model.ts';
import { initialise, type Parameter, ParameterSet, partsOf } from './parameter.ts';
import { chooseSharing, SHARINGS } from './sharing/registry.ts';

const ROWS = 5;
const FEATURES = { numeric: 2, categorical: [3, 4], text: [{ name: 'words', buckets: 5, length: 2 }] };

interface Sketch {
  readonly sharing: string;
  readonly hidden: readonly number[];
  readonly tower: readonly number[];
  readonly activation: Activation;
  readonly norm: 'none' | 'layer';
  /** The width of each task's head; tasks of equal width are of one family. */
  readonly widths: readonly number[];
  readonly long: boolean;
  readonly seeds: number;
}

const sketches: fc.Arbitrary<Sketch> = fc
  .record({
    sharing: fc.constantFrom(...Object.keys(SHARINGS)),
    hidden: fc.array(fc.integer({ min: 2, max: 4 }), { minLength: 1, maxLength: 2 }),
    tower: fc.array(fc.integer({ min: 2, max: 3 }), { maxLength: 1 }),
    activation: fc.constantFrom(
      ...(Object.keys(ACTIVATIONS) as Activation[]).filter((name) => name !== 'relu'),
    ),
    norm: fc.constantFrom('none' as const, 'layer' as const),
    widths: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }),
    long: fc.boolean(),
    seeds: fc.integer({ min: 1, max: 2 }),
  })
  .map((sketch) =>
    sketch.long ? { ...sketch, widths: sketch.widths.map(() => sketch.widths[0]!) } : sketch,
  );

function headsOf(widths: readonly number[]): HeadSpec[] {
  return widths.map((width, t) => ({
    name: `task ${t}`,
    family: `of ${width}`,
    width,
    initialBias: new Array<number>(width).fill(0.1 * t),
  }));
}

interface Built {
  readonly set: ParameterSet;
  readonly tasks: readonly string[];
  /** Logits [..., batch, width] of each task; of a long problem those of all rows, under ''. */
  readonly logits: ReadonlyMap<string, Tensor>;
}

function build(sketch: Sketch): Built {
  const { sharing, hidden, tower, activation, norm, widths, long, seeds } = sketch;
  const shape = { activation, dropout: 0, norm };
  const spec: ModelSpec = {
    sharing,
    encoder: { ...shape, hidden },
    tower: { ...shape, hidden: tower },
    embedding: 2,
    textEmbedding: 2,
  };
  const signature: ModelSignature = { features: FEATURES, heads: headsOf(widths), long };
  const set = new ParameterSet(seeds === 1 ? [] : [seeds]);
  const leaves = inputLeaves(FEATURES, ROWS, long);
  const { logits, families } = buildModel(spec, signature, set, leaves, long ? 'rows' : 'wide', {
    training: false,
  });
  const tasks = families.flatMap(({ heads }) => heads.map(({ name }) => name));
  if (long) return { set, tasks, logits: new Map([['', [...logits.values()][0]!]]) };
  const own = families.flatMap(({ key, heads }) =>
    heads.map(({ name }, h) => [name, slice(logits.get(key)!, -2, h, h + 1)] as const),
  );
  return { set, tasks, logits: new Map(own) };
}

const stream = new RandomStream(0, 'test');
const codes = (count: number, below: number, round: number): Int32Array =>
  Int32Array.from({ length: count }, (_, i) => stream.integer(below, i, round));

/** Features of the batch, and parameters moved away from zero so that nothing vanishes by chance. */
function feeds(set: ParameterSet, seeds: number, task: number): Record<string, TensorData> {
  const initial = initialise(
    set.parameters,
    Array.from({ length: seeds }, (_, s) => s),
  );
  const moved = Object.entries(initial).map(([name, { shape, data }], p): [string, TensorData] => [
    name,
    tensorData(
      Float32Array.from(data as Float32Array, (value, i) => value + 0.3 * stream.normal(i, p + 10)),
      shape,
    ),
  ]);
  return {
    numeric: tensorData(
      Float32Array.from({ length: ROWS * 2 }, (_, i) => stream.normal(i)),
      [ROWS, 2],
    ),
    categorical: tensorData(codes(ROWS * 2, 3, 1), [ROWS, 2], 'int32'),
    'text/words/ids': tensorData(codes(ROWS * 2, 5, 2), [ROWS, 2], 'int32'),
    'text/words/weights': tensorData(
      Float32Array.from({ length: ROWS * 2 }, () => 1),
      [ROWS, 2],
    ),
    task: tensorData(new Int32Array(ROWS).fill(task), [ROWS], 'int32'),
    ...Object.fromEntries(moved),
  };
}

/** For each task the gradient of Σ logits² by every parameter. */
async function gradients(
  { set, tasks, logits }: Built,
  long: boolean,
  seeds: number,
): Promise<Record<string, number[]>[]> {
  const results: Record<string, number[]>[] = [];
  for (const [t, task] of tasks.entries()) {
    const loss = reduceSum(square(logits.get(long ? '' : task)!));
    const parts = gradient(loss, set.leaves);
    const outputs = Object.fromEntries(set.parameters.map(({ name }, i) => [`d ${name}`, parts[i]!]));
    const values = await evaluate(optimised, outputs, feeds(set, seeds, t));
    results.push(Object.fromEntries(set.parameters.map(({ name }) => [name, numbers(values[`d ${name}`]!)])));
  }
  return results;
}

/** The elements of a gradient that belong to a task, over all replicas; '' is what no task owns, experts together. */
function partOf(parameter: Parameter, values: readonly number[], owner: string): number[] | undefined {
  const size = parameter.shape.reduce((a, b) => a * b, 1);
  const parts = partsOf(parameter.owner, size).filter(({ task }) => task === owner);
  if (parts.length === 0) return undefined;
  const replicas = Array.from({ length: values.length / size }, (_, s) => s * size);
  return replicas.flatMap((start) =>
    parts.flatMap(({ count, at }) => Array.from({ length: count }, (_, i) => values[start + at(i)]!)),
  );
}

describe('who owns what', () => {
  test('a loss moves what its task owns, what is shared, and nothing that another task owns', async () => {
    await fc.assert(
      fc.asyncProperty(sketches, async (sketch) => {
        const built = build(sketch);
        const all = await gradients(built, sketch.long, sketch.seeds);
        for (const parameter of built.set.parameters)
          for (const [t, task] of built.tasks.entries()) {
            const values = all[t]![parameter.name]!;
            for (const owner of built.tasks) {
              const part = partOf(parameter, values, owner);
              if (part === undefined) continue;
              const moves = part.some((value) => value !== 0);
              if (owner !== task && chooseSharing(sketch.sharing).sharing.mixes) continue;
              expect(moves, `${parameter.name} of ${owner} by the loss of ${task}`).toBe(owner === task);
            }
            const shared = partOf(parameter, values, '');
            if (shared !== undefined)
              expect(
                shared.some((value) => value !== 0),
                `${parameter.name} by the loss of ${task}`,
              ).toBe(true);
          }
      }),
      { numRuns: 15 },
    );
  });

  test('independent shares nothing; shared-bottom shares its trunk', () => {
    const sketch: Sketch = {
      sharing: 'independent',
      hidden: [3],
      tower: [2],
      activation: 'relu',
      norm: 'layer',
      widths: [1, 2],
      long: false,
      seeds: 1,
    };
    const owners = (sharing: string): Record<string, string> =>
      Object.fromEntries(
        build({ ...sketch, sharing }).set.parameters.map(({ name, owner }) => [name, owner.kind]),
      );
    expect(new Set(Object.values(owners('independent')))).toEqual(new Set(['task']));
    for (const [name, owner] of Object.entries(owners('shared-bottom')))
      expect(owner, name).toBe(name.startsWith('trunk/') ? 'shared' : 'task');
  });
});

test('tasks of a family stand together, families in order of first appearance', () => {
  const { heads, families } = orderByFamily(headsOf([1, 2, 1, 3, 2]));
  expect(heads.map(({ name }) => name)).toEqual(['task 0', 'task 2', 'task 1', 'task 4', 'task 3']);
  expect(families.map(({ key, start, heads: own }) => [key, start, own.length])).toEqual([
    ['of 1', 0, 2],
    ['of 2', 2, 2],
    ['of 3', 4, 1],
  ]);
});

test.each(['shared-bottem', 'constructor'])('an unknown sharing: %s', (name) => {
  expect(() => chooseSharing(name)).toThrow(expect.objectContaining({ code: 'sharing-unknown' }));
});

test('an error names the layer', () => {
  const sketch: Sketch = {
    sharing: 'shared-bottom',
    hidden: [3],
    tower: [],
    activation: 'relu',
    norm: 'none',
    widths: [1],
    long: false,
    seeds: 1,
  };
  const set = new ParameterSet([]);
  set.declare({
    name: 'trunk/mlp/0/weight',
    shape: [99, 3],
    initialiser: { kind: 'zeros' },
    owner: { kind: 'shared' },
    decays: true,
  });
  const shape = { activation: 'relu', dropout: 0, norm: 'none' } as const;
  const spec = {
    sharing: sketch.sharing,
    encoder: { ...shape, hidden: [3] },
    tower: { ...shape, hidden: [] },
    embedding: 2,
    textEmbedding: 2,
  };
  const signature = { features: { numeric: 2, categorical: [], text: [] }, heads: headsOf([1]), long: false };
  expect(() =>
    buildModel(spec, signature, set, { numeric: input('x', [4, 2]), text: [] }, 'wide', { training: false }),
  ).toThrow(
    expect.objectContaining({ code: 'shape-mismatch', path: expect.stringContaining('trunk/mlp/0') }),
  );
});
