import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../common/random.ts';
import { evaluate, optimised } from '../../engine/contract/runtimes.ts';
import { numbers, type TensorData, tensorData } from '../../engine/index.ts';
import { inputLeaves } from '../inputs.ts';
import { type BuiltModel, buildModel, type ModelSpec } from '../model.ts';
import { initialise, ParameterSet } from '../parameter.ts';
import { chooseEncoder, isPlain } from './registry.ts';

const ROWS = 4;
const INPUTS = 3;
const stream = new RandomStream(3, 'encoders');
const X = Array.from({ length: ROWS * INPUTS }, (_, i) => stream.normal(i));

type Theta = Record<string, TensorData>;

interface Case {
  readonly encoder?: Partial<ModelSpec['encoder']>;
  readonly sharing?: ModelSpec['sharing'];
  readonly conditioning?: string;
}

interface Built {
  readonly model: BuiltModel;
  /** Parameters that moved away from where they start. */
  readonly theta: Theta;
}

/** Two tasks over three numbers. */
function build({ encoder = {}, sharing = 'shared-bottom', conditioning = 'none' }: Case): Built {
  const shape = { activation: 'tanh', dropout: 0, norm: 'none' } as const;
  const features = { numeric: INPUTS, categorical: [], text: [] };
  const heads = ['a', 'b'].map((name) => ({ name, family: 'f', width: 1, initialBias: [0.5] }));
  const set = new ParameterSet();
  const model = buildModel(
    {
      sharing,
      conditioning,
      encoder: { ...shape, hidden: [4, 4], ...encoder },
      tower: { ...shape, hidden: [] },
      embedding: 1,
      textEmbedding: 1,
    },
    { features, heads, long: false },
    set,
    inputLeaves(features, ROWS, false),
    'wide',
    { training: false },
  );
  const theta = Object.fromEntries(
    Object.entries(initialise(set.parameters, [0])).map(([name, { data, shape }]) => {
      const noise = new RandomStream(1, name);
      const moved = Float32Array.from(data as Float32Array, (value, i) => value + 0.4 * noise.normal(i));
      return [name, tensorData(moved, shape)];
    }),
  );
  return { model, theta };
}

async function logitsOf({ model, theta }: Built): Promise<number[]> {
  const logits = model.logits.get('f')!;
  const feeds = { ...theta, numeric: tensorData(Float32Array.from(X), [ROWS, INPUTS]) };
  return numbers((await evaluate(optimised, { logits }, feeds)).logits!);
}

const list = (theta: Theta, name: string): number[] => Array.from(theta[name]!.data as Float32Array);
const close = (actual: readonly number[], expected: readonly number[]): void => {
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of actual.entries()) expect(value).toBeCloseTo(expected[i]!, 4);
};

/** x W + b, plainly. */
const linear = (x: readonly number[], weight: readonly number[], bias: readonly number[]): number[] =>
  bias.map((b, u) => x.reduce((sum, value, i) => sum + value * weight[i * bias.length + u]!, b));

describe('resnet', () => {
  test('is blocks that add to what they see, and a normed activation at the end', async () => {
    const built = build({ encoder: { family: 'resnet:factor=1.5' } });
    const theta = (name: string): number[] => list(built.theta, name);
    const trunk = (name: string): number[] => theta(`trunk/resnet/${name}`);
    const norm = (x: readonly number[], at: string): number[] => {
      const mean = x.reduce((a, b) => a + b, 0) / x.length;
      const deviation = Math.sqrt(x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length + 1e-5);
      const [scale, shift] = [trunk(`${at}/norm/scale`), trunk(`${at}/norm/shift`)];
      return x.map((v, i) => ((v - mean) / deviation) * scale[i]! + shift[i]!);
    };
    const block = (x: readonly number[], at: string): number[] => {
      const inner = linear(norm(x, at), trunk(`${at}/inner/weight`), trunk(`${at}/inner/bias`)).map(
        Math.tanh,
      );
      expect(inner).toHaveLength(6);
      const outer = linear(inner, trunk(`${at}/outer/weight`), trunk(`${at}/outer/bias`));
      return x.map((v, i) => v + outer[i]!);
    };
    const expected = Array.from({ length: ROWS }, (_, row) => {
      const x = X.slice(row * INPUTS, (row + 1) * INPUTS);
      // Where the width stays, as in the second block, nothing stands before the block.
      const h = block(block(linear(x, trunk('0/weight'), trunk('0/bias')), '0'), '1');
      return linear(norm(h, '1/end').map(Math.tanh), theta('heads/weight'), theta('heads/bias'));
    }).flat();
    expect(Object.keys(built.theta)).not.toContain('trunk/resnet/1/weight');
    close(await logitsOf(built), expected);
  });

  test('z that enters below a layer enters above it, where no linear map begins the layer', async () => {
    const built = build({
      encoder: { family: 'resnet' },
      sharing: 'shared-bottom:heads=shared',
      conditioning: 'concat:at=input+0',
    });
    const names = Object.keys(built.theta).filter((name) => name.includes('concat'));
    expect(names).toEqual(['trunk/resnet/0/below/concat/weight', 'trunk/resnet/0/concat/weight']);
    expect(new Set(await logitsOf(built)).size).toBe(2 * ROWS);
  });
});

describe('ensemble', () => {
  const MEMBERS = 3;
  const family = `ensemble:members=${MEMBERS}`;

  test('each member is the perceptron with its own scales in the weights', async () => {
    const built = build({ encoder: { family } });
    expect(built.model.members).toEqual({ axis: 0, count: MEMBERS });
    const plain = build({});
    const own = (name: string, m: number): number[] => {
      const all = list(built.theta, name);
      return all.slice((m * all.length) / MEMBERS, ((m + 1) * all.length) / MEMBERS);
    };
    const scaled = (layer: number, rows: readonly number[], columns: readonly number[]): number[] =>
      list(built.theta, `trunk/ensemble/${layer}/weight`).map(
        (w, i) => rows[Math.floor(i / columns.length)]! * w * columns[i % columns.length]!,
      );
    const at = 'trunk/ensemble';
    const members = await Promise.all(
      Array.from({ length: MEMBERS }, (_, m) => {
        const values: Record<string, number[]> = {
          'trunk/mlp/0/weight': scaled(0, own('trunk/members', m), own(`${at}/0/out`, m)),
          'trunk/mlp/0/bias': own(`${at}/0/bias`, m),
          'trunk/mlp/1/weight': scaled(1, own(`${at}/1/in`, m), own(`${at}/1/out`, m)),
          'trunk/mlp/1/bias': own(`${at}/1/bias`, m),
          'heads/weight': own('heads/weight', m),
          'heads/bias': own('heads/bias', m),
        };
        const theta = Object.fromEntries(
          Object.entries(plain.theta).map(([name, { shape }]) => [
            name,
            tensorData(Float32Array.from(values[name]!), shape),
          ]),
        );
        return logitsOf({ ...plain, theta });
      }),
    );
    close(await logitsOf(built), members.flat());
  });

  test('members start apart by signs alone, at their tasks’ base rates', () => {
    const { model } = build({ encoder: { family } });
    expect(model.representation).toBeUndefined();
    const set = new ParameterSet();
    const own = set.forMembers(MEMBERS, () => true);
    own.declare({
      name: 'bias',
      shape: [2, 1],
      initialiser: { kind: 'values', values: [1, 2] },
      owner: { kind: 'task', tasks: ['a', 'b'] },
      decays: false,
    });
    own.declare({
      name: 'signs',
      shape: [50],
      initialiser: { kind: 'signs' },
      owner: { kind: 'shared' },
      decays: false,
    });
    const initial = initialise(set.parameters, [0]);
    expect(initial.bias!.shape).toEqual([2, MEMBERS, 1]);
    expect(list(initial, 'bias')).toEqual([1, 1, 1, 2, 2, 2]);
    expect([...new Set(list(initial, 'signs'))].sort()).toEqual([-1, 1]);
  });
});

describe('what does not fit is refused', () => {
  test('a family that does not exist, an option that it does not have', () => {
    expect(() => chooseEncoder('resnt')).toThrow(
      expect.objectContaining({
        code: 'encoder-invalid',
        path: 'model.encoder',
        help: expect.stringMatching(/resnet/),
      }),
    );
    expect(() => chooseEncoder('resnet:factr=2')).toThrow(
      expect.objectContaining({ code: 'encoder-invalid', path: 'model.encoder.factr' }),
    );
    expect(isPlain(undefined)).toBe(true);
  });

  test.each([
    ['task-queries', [4], /task-queries/],
    ['shared-bottom', [], /no layers/],
  ] as const)('layers that %s does not run', (sharing, hidden, found) => {
    expect(() => build({ sharing, encoder: { family: 'resnet', hidden } })).toThrow(
      expect.objectContaining({
        code: 'encoder-invalid',
        path: 'model.encoder',
        found: expect.stringMatching(found),
      }),
    );
  });
});

describe('transformer', () => {
  const family = 'transformer:width=2,heads=1';

  test('hidden sizes are inside of blocks; the representation is as wide as a token, for experts too', async () => {
    const built = build({ encoder: { family, hidden: [5, 6] } });
    expect(built.model.widths).toEqual([8, 2]);
    const shapes = Object.fromEntries(
      Object.entries(built.theta).map(([name, { shape }]) => [name.replace('trunk/transformer/', ''), shape]),
    );
    expect(shapes['0/inner/weight']).toEqual([1, 2, 5]);
    expect(shapes['1/inner/weight']).toEqual([1, 2, 6]);
    expect(shapes['heads/weight']).toEqual([2, 2]);
    const experts = build({ encoder: { family }, sharing: 'mmoe:experts=2,hidden=7' });
    expect(experts.theta['trunk/experts/0/inner/weight']!.shape).toEqual([2, 1, 2, 7]);
  });

  test('one block: the summing token asks all tokens, and keeps what it had', async () => {
    const built = build({ encoder: { family, hidden: [3] } });
    const theta = (name: string): number[] => list(built.theta, name);
    const own = (name: string): number[] => theta(`trunk/transformer/0/${name}`);
    const norm = (x: readonly number[], at: string): number[] => {
      const mean = (x[0]! + x[1]!) / 2;
      const deviation = Math.sqrt(((x[0]! - mean) ** 2 + (x[1]! - mean) ** 2) / 2 + 1e-5);
      return x.map(
        (v, i) => ((v - mean) / deviation) * own(`${at}/norm/scale`)[i]! + own(`${at}/norm/shift`)[i]!,
      );
    };
    const none = [0, 0];
    const expected = Array.from({ length: ROWS }, (_, row) => {
      const numbersOf = X.slice(row * INPUTS, (row + 1) * INPUTS);
      const [scale, shift] = [theta('trunk/tokens/scale'), theta('trunk/tokens/shift')];
      const tokens = [
        theta('trunk/tokens/summary'),
        ...numbersOf.map((x, j) => [0, 1].map((i) => x * scale[2 * j + i]! + shift[2 * j + i]!)),
      ];
      const query = linear(tokens[0]!, own('attention/query/weight'), none);
      const scores = tokens.map((token) => {
        const key = linear(token, own('attention/key/weight'), none);
        return Math.exp((query[0]! * key[0]! + query[1]! * key[1]!) / Math.sqrt(2));
      });
      const total = scores.reduce((a, b) => a + b, 0);
      const values = tokens.map((token) => linear(token, own('attention/value/weight'), none));
      const looked = [0, 1].map((i) =>
        values.reduce((sum, value, n) => sum + (scores[n]! / total) * value[i]!, 0),
      );
      const attended = linear(looked, own('attention/output/weight'), own('attention/output/bias'));
      const seen = tokens[0]!.map((v, i) => v + attended[i]!);
      const inner = linear(norm(seen, 'inner'), own('inner/weight'), own('inner/bias')).map(Math.tanh);
      const outer = linear(inner, own('outer/weight'), own('outer/bias'));
      const sum = seen.map((v, i) => v + outer[i]!);
      return linear(norm(sum, 'end').map(Math.tanh), theta('heads/weight'), theta('heads/bias'));
    }).flat();
    close(await logitsOf(built), expected);
  });

  test('heads that do not divide the width are refused', () => {
    expect(() => chooseEncoder('transformer:width=6,heads=4')).toThrow(
      expect.objectContaining({ code: 'encoder-invalid', path: 'model.encoder.heads' }),
    );
  });
});
