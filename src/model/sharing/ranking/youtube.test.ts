import { describe, expect, test } from 'vitest';
import { evaluate, optimised } from '../../../engine/contract/runtimes.ts';
import { input, numbers, type Tensor, type TensorData, tensorData } from '../../../engine/index.ts';
import { type Setting as FlowSetting, headsOf } from '../../flow/flow.test-support.ts';
import { type FeatureSignature, inputLeaves } from '../../inputs.ts';
import type { Mode } from '../../layers.ts';
import { type BuiltModel, buildModel, type ModelSpec } from '../../model.ts';
import { initialise, ParameterSet } from '../../parameter.ts';

const ROWS = 6;
const FEATURES: FeatureSignature = {
  numeric: 3,
  categorical: [5, 4],
  text: [],
  sources: {
    numeric: [
      { column: 'age', missing: 0 },
      { column: 'scroll', missing: 0 },
      { column: 'scroll', missing: 1 },
    ],
    categorical: [
      { column: 'rank', values: ['missing', 'rare', '10', '2', '1'] },
      { column: 'topic', values: ['missing', 'rare', 'news', 'film'] },
    ],
  },
};
const TASKS: FlowSetting['tasks'] = {
  click: { kind: 'binary' },
  watched: { kind: 'regression' },
  like: { kind: 'binary' },
};
const RANKS = [2, 3, 4, 2, 0, 3];
const OTHERS = [4, 4, 3, 3, 2, 2];

interface Built extends BuiltModel {
  readonly set: ParameterSet;
  read(
    outputs: Readonly<Record<string, Tensor>>,
    more?: Readonly<Record<string, TensorData>>,
  ): Promise<Record<string, number[]>>;
}

interface Setting {
  readonly sharing: string;
  readonly mode?: Mode;
  readonly seeds?: number;
  readonly long?: boolean;
  readonly spec?: Partial<ModelSpec>;
  readonly tasks?: FlowSetting['tasks'];
}

const feed = (data: readonly number[], shape: number[]): TensorData =>
  tensorData(Float32Array.from(data), shape);

const codes = (ranks: readonly number[]): TensorData =>
  tensorData(Int32Array.from(ranks.flatMap((rank, i) => [rank, i % 4])), [ROWS, 2], 'int32');

function build({ sharing, mode, seeds = 1, long = false, spec, tasks = TASKS }: Setting): Built {
  const shape = { activation: 'tanh', dropout: 0, norm: 'none' } as const;
  const whole: ModelSpec = {
    sharing,
    encoder: { ...shape, hidden: [4, 3] },
    tower: { ...shape, hidden: [] },
    embedding: 2,
    textEmbedding: 2,
    ...spec,
  };
  const set = new ParameterSet(seeds === 1 ? [] : [seeds]);
  const signature = { features: FEATURES, heads: headsOf(tasks), long };
  const inputs = inputLeaves(FEATURES, ROWS, long);
  const built = buildModel(
    whole,
    signature,
    set,
    inputs,
    long ? 'rows' : 'wide',
    mode ?? { training: false },
  );
  const seedList = Array.from({ length: seeds }, (_, s) => s);
  return {
    ...built,
    set,
    read: async (outputs, more = {}) => {
      const feeds = {
        numeric: feed(
          Array.from({ length: ROWS * 3 }, (_, i) => Math.sin(i)),
          [ROWS, 3],
        ),
        categorical: codes(RANKS),
        task: tensorData(Int32Array.from([0, 1, 0, 1, 0, 1]), [ROWS], 'int32'),
        ...initialise(set.parameters, seedList),
        ...more,
      };
      const values = await evaluate(optimised, outputs, feeds);
      return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, numbers(value)]));
    },
  };
}

/** Weights that give these logits. */
const tower = (logits: readonly number[], shape: number[]): Record<string, TensorData> => ({
  'heads/position/weight': feed(
    logits.map((logit) => logit / 10),
    shape,
  ),
});
/** The bias of each code of the rank for click and like: 10 c and −c. */
const TABLE = tower([0, 0, 10, -1, 20, -2, 30, -3, 40, -4], [5, 2]);
const training: Mode = { training: true };

describe('logits', () => {
  const sharing = 'youtube:position=rank,experts=2';

  test('get the bias of the row’s position in training, for binary tasks alone', async () => {
    const built = build({ sharing, mode: training });
    const outputs = { binary: built.logits.get('binary')!, other: built.logits.get('regression')! };
    const [plain, biased] = [await built.read(outputs), await built.read(outputs, TABLE)];
    RANKS.forEach((code, row) => {
      expect(biased.binary![2 * row]! - plain.binary![2 * row]!).toBeCloseTo(10 * code, 4);
      expect(biased.binary![2 * row + 1]! - plain.binary![2 * row + 1]!).toBeCloseTo(-code, 4);
    });
    expect(biased.other).toEqual(plain.other);
  });

  test('are the same at every position when predicting, and start without a bias', async () => {
    const built = build({ sharing });
    const outputs = { binary: built.logits.get('binary')! };
    const table = tower([5, 6, 10, -1, 20, -2, 30, -3, 40, -4], [5, 2]);
    const here = await built.read(outputs, table);
    expect((await built.read(outputs, { ...table, categorical: codes(OTHERS) })).binary).toEqual(here.binary);
    const plain = await built.read(outputs);
    here.binary!.forEach((value, i) => {
      expect(value - plain.binary![i]!).toBeCloseTo(i % 2 === 0 ? 5 : 6, 4);
    });
    const start = build({ sharing, mode: training });
    const mmoe = build({ sharing: 'mmoe:experts=2,bottom=1', spec: { without: ['rank'] } });
    const same = await mmoe.read({ l: mmoe.logits.get('binary')! });
    expect((await start.read({ l: start.logits.get('binary')! })).l).toEqual(same.l);
  });

  test('are judged in training as rows were shown, none of them missing', async () => {
    const spec = { asShown: true };
    const outputs = (built: Built) => ({ l: built.logits.get('binary')! });
    const judged = build({ sharing, spec });
    const trained = build({ sharing, mode: training });
    expect(await judged.read(outputs(judged), TABLE)).toEqual(await trained.read(outputs(trained), TABLE));
  });

  test('of named tasks alone', async () => {
    const built = build({ sharing: `${sharing},tasks=watched`, mode: training });
    const outputs = { binary: built.logits.get('binary')!, other: built.logits.get('regression')! };
    const table = tower([0, 1, 2, 3, 4], [5, 1]);
    const [plain, biased] = [await built.read(outputs), await built.read(outputs, table)];
    expect(biased.binary).toEqual(plain.binary);
    RANKS.forEach((code, row) => {
      expect(biased.other![row]! - plain.other![row]!).toBeCloseTo(code, 4);
    });
  });

  test('of rows of one task each', async () => {
    const tasks: FlowSetting['tasks'] = { a: { kind: 'binary' }, b: { kind: 'binary' } };
    const built = build({ sharing, mode: training, long: true, tasks });
    const outputs = { l: [...built.logits.values()][0]! };
    const [plain, biased] = [await built.read(outputs), await built.read(outputs, TABLE)];
    RANKS.forEach((code, row) => {
      expect(biased.l![row]! - plain.l![row]!).toBeCloseTo((row % 2 === 0 ? 10 : -1) * code, 4);
    });
  });

  test('of seeds side by side', async () => {
    const lead = 2;
    const keys = [1, 2].map((_, i) => input(`key ${i}`, [lead, 1, 1], { dtype: 'int32' })) as [
      Tensor,
      Tensor,
    ];
    for (const mode of [{ training: false }, { training: true, keys }]) {
      const both = build({ sharing: `${sharing},drop=0`, mode, seeds: lead });
      const alone = build({ sharing: `${sharing},drop=0`, mode: { training: mode.training } });
      const two = await both.read({ l: both.logits.get('binary')!, p: both.probes.at(-1)!.value });
      const one = await alone.read({ l: alone.logits.get('binary')!, p: alone.probes.at(-1)!.value });
      expect(two.p).toHaveLength(2 * one.p!.length);
      two.l!.slice(0, ROWS * 2).forEach((value, i) => {
        expect(value).toBeCloseTo(one.l![i]!, 5);
      });
    }
  });

  test('pass through a flow with their bias', async () => {
    const spec = { flow: 'esmm:path=click+like' };
    const built = build({ sharing, mode: training, spec });
    const outputs = { l: built.logits.get('binary')! };
    const [plain, biased] = [await built.read(outputs), await built.read(outputs, TABLE)];
    // A click that is certain leaves the conditional probability of the like.
    const row = RANKS.indexOf(4);
    expect(biased.l![2 * row]! - plain.l![2 * row]!).toBeCloseTo(40, 4);
    const unbiased = build({ sharing, mode: training });
    const own = (await unbiased.read({ l: unbiased.logits.get('binary')! }, TABLE)).l![2 * row + 1]!;
    // Its head starts at rate / rate before = 1 / 1, kept below 0.99.
    expect(biased.l![2 * row + 1]).toBeCloseTo(own + Math.log(0.99 / 0.01), 3);
  });
});

test('the trunk has no parameters for what it does not see', () => {
  const shapeOf = (name: string): readonly number[] | undefined =>
    build({ sharing: 'youtube:position=rank+scroll,experts=2' }).set.parameters.find(
      (own) => own.name === name,
    )?.shape;
  expect(shapeOf('trunk/categories')).toEqual([4, 2]);
  // One number and one embedded category: 1 + 2.
  expect(shapeOf('trunk/mlp/0/weight')).toEqual([3, 4]);
  expect(shapeOf('heads/position/weight')).toEqual([2 + 5, 2]);
});

describe('missing positions', () => {
  test('are a share of the training rows, others by each step’s keys', async () => {
    const rows = 4000;
    const keys = [0, 1].map((i) => input(`key ${i}`, [1, 1], { dtype: 'int32' })) as [Tensor, Tensor];
    const shares: number[] = [];
    const masks: string[] = [];
    for (const drop of [0.1, 0.5]) {
      const set = new ParameterSet();
      const shape = { activation: 'tanh', dropout: 0, norm: 'none' } as const;
      const features: FeatureSignature = { ...FEATURES, categorical: [5, 4] };
      const built = buildModel(
        {
          sharing: `youtube:position=rank+scroll,experts=1,drop=${drop}`,
          encoder: { ...shape, hidden: [2] },
          tower: { ...shape, hidden: [] },
          embedding: 1,
          textEmbedding: 1,
        },
        { features, heads: headsOf({ click: { kind: 'binary' } }), long: false },
        set,
        inputLeaves(features, rows, false),
        'wide',
        { training: true, keys },
      );
      const zero = Object.fromEntries(
        set.parameters.map(({ name, shape: own }) => [
          name,
          feed(new Array<number>(own.reduce((a, b) => a * b, 1)).fill(0), [...own]),
        ]),
      );
      for (const step of [1, 2]) {
        const { l } = await evaluate(
          optimised,
          { l: built.logits.get('binary')! },
          {
            ...zero,
            // scroll 0.5 and its indicator 0 where it is there, 0 and 1 where it is missing; rank 2 is code 3.
            ...tower([8, 100, 7, 0, 0, 1000, 0], [7, 1]),
            numeric: feed(Array.from({ length: rows }, () => [1, 0.5, 0]).flat(), [rows, 3]),
            categorical: tensorData(
              Int32Array.from({ length: rows * 2 }, (_, i) => (i % 2 === 0 ? 3 : 1)),
              [rows, 2],
              'int32',
            ),
            'key 0': tensorData(Int32Array.from([step * 7919 + 12345]), [1, 1], 'int32'),
            'key 1': tensorData(Int32Array.from([step * 104729 - 99991]), [1, 1], 'int32'),
          },
        );
        const values = numbers(l!);
        // All columns of a row go together: 8 · 0.5 + 1000, or 100 + 7.
        expect(values.every((value) => value === 1004 || value === 107)).toBe(true);
        shares.push(values.filter((value) => value === 107).length / rows);
        masks.push(values.join());
      }
    }
    expect(shares[0]).toBeCloseTo(0.1, 1);
    expect(Math.abs(shares[0]! - 0.1)).toBeLessThan(0.02);
    expect(Math.abs(shares[2]! - 0.5)).toBeLessThan(0.03);
    expect(masks[0]).not.toBe(masks[1]);
  });
});

describe('the bias can be read', () => {
  test('at each position, in order, by task', async () => {
    const built = build({ sharing: 'youtube:position=rank,experts=2' });
    const probe = built.probes.find(({ name }) => name === 'position bias')!;
    expect(probe).toMatchObject({
      kind: 'matrix',
      rows: ['missing', 'rare', '1', '2', '10'],
      columns: ['click', 'like'],
    });
    const { value } = await built.read({ value: probe.value }, TABLE);
    expect(value).toEqual([0, 0, 10, -1, 40, -4, 30, -3, 20, -2]);
  });

  test('through a tower with layers, as training sees it', async () => {
    const built = build({ sharing: 'youtube:position=rank,experts=2,tower=3,drop=0', mode: training });
    const weights = { 'heads/position/weight': feed([1, 2, 3, 4, 5, 6], [3, 2]) };
    const outputs = { l: built.logits.get('binary')!, table: built.probes.at(-1)!.value };
    const [plain, biased] = [await built.read(outputs), await built.read(outputs, weights)];
    const at = [0, 1, 4, 3, 2];
    RANKS.forEach((code, row) => {
      const read = biased.table![2 * at.indexOf(code)]!;
      expect(biased.l![2 * row]! - plain.l![2 * row]!).toBeCloseTo(read, 4);
    });
  });

  test('with several columns, each while the others are missing', () => {
    const { rows } = build({ sharing: 'youtube:position=rank+scroll+topic,experts=2' }).probes.at(-1)!;
    expect(rows).toContain('scroll -1 sd');
    expect(rows).toContain('rank 10');
    expect(rows).toContain('topic film');
  });
});

test.each([
  ['youtube', 'position', 'none'],
  ['youtube:position=rnk', 'position', 'rnk'],
  ['youtube:position=rank,tasks=clik', 'tasks', 'clik'],
  ['youtube:position=rank+topic+age+scroll', 'position', 'rank, topic, age, scroll'],
  ['youtube:position=rank,drop=1', 'drop', '"1"'],
  ['youtube:position=rank,experts=0', 'experts', '"0"'],
  ['youtube:position=rank,bottom=3', 'bottom', '3'],
])('refused: %s', (sharing, option, found) => {
  expect(() => build({ sharing })).toThrow(
    expect.objectContaining({ code: 'sharing-invalid', path: `model.sharing.${option}`, found }),
  );
});

test('a problem without a binary task needs names', () => {
  const tasks: FlowSetting['tasks'] = { watched: { kind: 'regression' } };
  const sharing = 'youtube:position=rank';
  expect(() => build({ sharing, tasks })).toThrow(expect.objectContaining({ found: 'no binary task' }));
  expect(build({ sharing: `${sharing},tasks=watched`, tasks }).probes.at(-1)!.columns).toEqual(['watched']);
});
