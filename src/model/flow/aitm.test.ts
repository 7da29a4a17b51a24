import { expect, test } from 'vitest';
import { slice, tensorData } from '../../engine/index.ts';
import { buildFlow, ROWS, type Setting, sigmoidOf } from './flow.test-support.ts';

const tasks: Setting['tasks'] = {
  click: { kind: 'binary' },
  spend: { kind: 'regression' },
  other: { kind: 'binary' },
  buy: { kind: 'binary' },
};
const names = ['click', 'other', 'buy'];
const flow = 'aitm:path=click+buy';
const NO_LAYERS = { activation: 'tanh', dropout: 0, norm: 'none', hidden: [] } as const;

test('the first task and those off the path see their own tower alone; the last one sees two', async () => {
  const built = buildFlow({ tasks, spec: { flow } });
  const binary = built.logits.get('binary')!;
  const transfers = (moved: string[]): string[] => moved.filter((name) => name.startsWith('heads/transfer'));
  for (const [t, name] of names.entries()) {
    const moved = transfers(await built.moved(slice(binary, -2, t, t + 1)));
    if (name === 'buy') expect(moved.length).toBeGreaterThanOrEqual(4);
    else expect(moved).toEqual([]);
  }
  expect(transfers(await built.moved(built.logits.get('regression')!))).toEqual([]);
  const plain = buildFlow({ tasks });
  const [without, within] = [
    await plain.read({ l: plain.logits.get('binary')! }, {}, 0),
    await built.read({ l: binary }, {}, 0),
  ];
  for (let i = 0; i < ROWS * names.length; i++)
    if (names[i % names.length] === 'buy') expect(within.l![i]).not.toBeCloseTo(without.l![i]!, 5);
    else expect(within.l![i]).toBeCloseTo(without.l![i]!, 5);
});

test('attention is the softmax of ⟨k, q⟩ / √H over the two tokens', async () => {
  // Two inputs straight into the heads: H = 2, one task hands on to the other.
  const pair: Setting['tasks'] = { click: { kind: 'binary' }, buy: { kind: 'binary' } };
  const built = buildFlow({
    tasks: pair,
    spec: { flow, encoder: { ...NO_LAYERS, hidden: [2] }, tower: { ...NO_LAYERS, activation: 'relu' } },
  });
  const leaf = (name: string) =>
    built.set.leaves[built.set.parameters.findIndex((own) => own.name === name)]!;
  const prefix = 'heads/transfer/buy';
  const values = await built.read({
    g: leaf(`${prefix}/g/weight`),
    gb: leaf(`${prefix}/g/bias`),
    w: leaf(`${prefix}/projections/weight`),
    wb: leaf(`${prefix}/projections/bias`),
    out: leaf('heads/binary/weight'),
    bias: leaf('heads/binary/bias'),
    // The clicks' logits give h · w; h itself is read through an output layer of ones.
    logits: built.logits.get('binary')!,
  });
  const h = await hidden(built);
  for (let row = 0; row < ROWS; row++) {
    const own = h[row]!;
    const handed = [0, 1].map((j) =>
      Math.max(0, own[0]! * values.g![j]! + own[1]! * values.g![2 + j]! + values.gb![j]!),
    );
    const tokens = [handed, own].map((token) =>
      Array.from(
        { length: 6 },
        (_, j) => token[0]! * values.w![j]! + token[1]! * values.w![6 + j]! + values.wb![j]!,
      ),
    );
    const scores = tokens.map(([, , k0, k1, q0, q1]) => Math.exp((k0! * q0! + k1! * q1!) / Math.SQRT2));
    const [a, b] = scores.map((score) => score / (scores[0]! + scores[1]!)) as [number, number];
    const z = [0, 1].map((j) => a * tokens[0]![j]! + b * tokens[1]![j]!);
    const logit = z[0]! * values.out![2]! + z[1]! * values.out![3]! + values.bias![1]!;
    expect(values.logits![row * 2 + 1]).toBeCloseTo(logit, 4);
    const click = own[0]! * values.out![0]! + own[1]! * values.out![1]! + values.bias![0]!;
    expect(values.logits![row * 2]).toBeCloseTo(click, 4);
  }
});

/** The representation, read off as two logits without bias. */
async function hidden(built: ReturnType<typeof buildFlow>): Promise<number[][]> {
  const columns = await Promise.all(
    [0, 1].map((j) =>
      built.read(
        { l: slice(built.logits.get('binary')!, -2, 0, 1) },
        {
          'heads/binary/weight': tensorData(
            Float32Array.from({ length: 4 }, (_, i) => Number(i === j)),
            [2, 2, 1],
          ),
          'heads/binary/bias': tensorData(new Float32Array(2), [2, 1, 1]),
        },
      ),
    ),
  );
  return Array.from({ length: ROWS }, (_, row) => columns.map(({ l }) => l![row]!));
}

test('the calibrator is λ times the mean over rows of max(0, later − earlier)', async () => {
  for (const strength of [0.6, 2]) {
    const spec = { flow: `${flow},strength=${strength}` };
    const { logits, penalty, read } = buildFlow({ tasks, spec });
    const { l, p } = await read({ l: logits.get('binary')!, p: penalty! });
    let sum = 0;
    for (let row = 0; row < ROWS; row++)
      sum += Math.max(0, sigmoidOf(l![row * 3 + 2]!) - sigmoidOf(l![row * 3]!));
    expect(sum).toBeGreaterThan(0);
    expect(p![0]).toBeCloseTo((strength * sum) / ROWS, 5);
  }
  expect(buildFlow({ tasks, spec: { flow: `${flow},strength=0` } }).penalty).toBeUndefined();
});

test.each(['shared-bottom', 'independent', 'shared-bottom:heads=shared'])(
  'any sharing, with towers and without, one seed and two: %s',
  async (sharing) => {
    for (const tower of [NO_LAYERS, { ...NO_LAYERS, hidden: [4] }]) {
      const spec = { flow, sharing, tower };
      const read = async (seeds: number): Promise<Record<string, number[]>> => {
        const built = buildFlow({ tasks, spec, seeds });
        return built.read({ l: built.logits.get('binary')!, p: built.penalty! }, {}, 0);
      };
      const [alone, both] = [await read(1), await read(2)];
      expect(both.p).toHaveLength(2);
      expect(both.p![0]).toBeCloseTo(alone.p![0]!, 5);
      both.l!.slice(0, ROWS * 3).forEach((value, i) => {
        expect(value).toBeCloseTo(alone.l![i]!, 5);
      });
    }
  },
);
