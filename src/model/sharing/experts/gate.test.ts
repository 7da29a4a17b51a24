import { describe, expect, test } from 'vitest';
import { evaluate, optimised } from '../../../engine/contract/runtimes.ts';
import {
  add,
  constant,
  gradient,
  input,
  numbers,
  type Tensor,
  type TensorData,
  tensorData,
} from '../../../engine/index.ts';
import { ParameterSet } from '../../parameter.ts';
import { taskAxis } from '../../task-axis.ts';
import { codeWeights, smoothStep } from './dselect.ts';
import { expectClose } from './experts.test-support.ts';
import { commonGate, type GateContext, type GateOptions, imbalance } from './gate.ts';

const PLAIN: GateOptions = { gate: 'softmax', temperature: 1, top: 2, gamma: 1, entropy: 0, balance: 0 };

interface Built {
  readonly weights: Tensor;
  readonly penalties: readonly Tensor[];
  readonly set: ParameterSet;
}

/** One gate over x [rows, 1] with the logits x W + b. */
function gate(experts: number, options: Partial<GateOptions>, rows: number = 1): Built {
  const set = new ParameterSet();
  const penalties: Tensor[] = [];
  const context: GateContext = {
    set,
    axis: taskAxis(set, 'wide', ['a']),
    record: { use: () => {}, matrix: () => {} },
    penalise: (term) => penalties.push(term),
  };
  const names = Array.from({ length: experts }, (_, e) => `expert ${e}`);
  const spec = { name: 'gate', title: 'gate', experts: names };
  const weights = commonGate(context, input('x', [rows, 1]), spec, { ...PLAIN, ...options });
  return { weights, penalties, set };
}

type Values = Readonly<Record<string, readonly number[]>>;

const feeds = ({ set }: Built, x: readonly number[], values: Values): Record<string, TensorData> => ({
  x: tensorData(x, [x.length, 1]),
  ...Object.fromEntries(
    set.parameters.map(({ name, shape }) => [
      name,
      tensorData(values[name] ?? new Float32Array(shape.reduce((a, b) => a * b, 1)), shape),
    ]),
  ),
});

/** Rows of weights. */
async function weigh(built: Built, x: readonly number[], values: Values): Promise<number[][]> {
  const { weights } = await evaluate(optimised, { weights: built.weights }, feeds(built, x, values));
  const all = numbers(weights!);
  const experts = all.length / x.length;
  return x.map((_, row) => all.slice(row * experts, (row + 1) * experts));
}

const evaluated = async (tensor: Tensor): Promise<number[]> =>
  numbers((await evaluate(optimised, { value: tensor }, {})).value!);

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe('softmax', () => {
  const logits = { 'trunk/gate/weight': [Math.log(2), 0, Math.log(5)] };

  test('by hand', async () => {
    const rows = await weigh(gate(3, {}, 2), [1, 0], logits);
    expectClose(rows[0]!, [2 / 8, 1 / 8, 5 / 8]);
    expectClose(rows[1]!, [1 / 3, 1 / 3, 1 / 3]);
  });

  test('τ divides the logits', async () => {
    const [half] = await weigh(gate(3, { temperature: 2 }), [2], logits);
    expectClose(half!, [2 / 8, 1 / 8, 5 / 8]);
  });

  test('a large τ mixes all alike', async () => {
    const [even] = await weigh(gate(3, { temperature: 1e7 }), [2], logits);
    expectClose(even!, [1 / 3, 1 / 3, 1 / 3]);
  });
});

describe('top-k', () => {
  test('the softmax over the two largest, all others exactly 0', async () => {
    const weight = { 'trunk/gate/weight': [Math.log(2), Math.log(3), 0, Math.log(1.5)] };
    const [row] = await weigh(gate(4, { gate: 'top-k', top: 2 }), [1], weight);
    expectClose(row!, [2 / 5, 3 / 5, 0, 0]);
    expect(row!.filter((value) => value === 0).length).toBe(2);
  });

  test.each([1, 2, 3, 5])('exactly %i of 5, for any row and for equal logits', async (top) => {
    const weight = { 'trunk/gate/weight': [3, -1, 0.5, 0.4, 7] };
    for (const row of await weigh(gate(5, { gate: 'top-k', top }, 3), [1, -2, 0], weight)) {
      expect(row.filter((value) => value > 0).length).toBe(top);
      expect(row.filter((value) => value === 0).length).toBe(5 - top);
      expect(sum(row)).toBeCloseTo(1, 6);
    }
  });
});

describe('DSelect-k', () => {
  test('the smooth step by hand', async () => {
    const t = constant([-3, -1, -0.5, 0, 0.5, 1, 3]);
    expectClose(await evaluated(smoothStep(t, 2)), [0, 0, 0.15625, 0.5, 0.84375, 1, 1]);
    expect((await evaluated(smoothStep(t, 1))).slice(1, 6)).toEqual([0, 0, 0.5, 1, 1]);
  });

  test('codes by hand', async () => {
    const found = await evaluated(codeWeights(constant([0.25, 0.9], { shape: [1, 2] })));
    // Bit 0 is the lowest: codes 00, 01, 10, 11.
    expectClose(found, [0.75 * 0.1, 0.25 * 0.1, 0.75 * 0.9, 0.25 * 0.9]);
  });

  test.each([1, 2, 3, 5, 6, 8])('weights over %i experts sum to 1', async (experts) => {
    const bits = Math.max(1, Math.ceil(Math.log2(experts)));
    const codes = Array.from({ length: 2 * bits }, (_, i) => 0.31 * Math.sin(5 * i + 1));
    const values = { 'trunk/gate/codes/weight': codes, 'trunk/gate/choice/bias': [0.3, -0.6] };
    for (const row of await weigh(gate(experts, { gate: 'dselect-k' }, 3), [1, -0.7, 0.1], values)) {
      expect(row.length).toBe(experts);
      expect(Math.min(...row)).toBeGreaterThanOrEqual(0);
      expect(sum(row)).toBeCloseTo(1, 4);
    }
  });

  test('binary codes pick one expert each, mixed by the choice', async () => {
    // Selector 0 says 101 = 5, selector 1 says 010 = 2.
    const values = {
      'trunk/gate/codes/bias': [1, -1, 1, -1, 1, -1],
      'trunk/gate/choice/bias': [Math.log(3), 0],
    };
    const [row] = await weigh(gate(8, { gate: 'dselect-k' }), [0], values);
    expectClose(row!, [0, 0, 1 / 4, 0, 0, 3 / 4, 0, 0]);
  });

  test('codes without an expert are left out and penalised', async () => {
    const built = gate(3, { gate: 'dselect-k', top: 1 });
    // Bits ½ and S: codes 0, 1, 2, and 3, which has no expert.
    const values = { 'trunk/gate/codes/bias': [0, 0.25] };
    const s = 0.84375;
    const total = 1 - s / 2;
    const [row] = await weigh(built, [0], values);
    expectClose(row!, [(1 - s) / 2 / total, (1 - s) / 2 / total, s / 2 / total]);
    const penalty = await evaluate(optimised, { p: built.penalties[0]! }, feeds(built, [0], values));
    expect(numbers(penalty.p!)[0]! * 1e6).toBeCloseTo(1 / total, 4);
    expect(gate(4, { gate: 'dselect-k' }).penalties).toEqual([]);
  });

  test('the penalty of selectors that cannot choose is finite, and so is its gradient', async () => {
    const built = gate(3, { gate: 'dselect-k', top: 1, entropy: 1 });
    const outputs = Object.fromEntries(
      built.penalties.flatMap((term, i) => [
        [`p${i}`, term],
        ...gradient(term, built.set.leaves).map((part, j) => [`d${i}.${j}`, part]),
      ]),
    ) as Record<string, Tensor>;
    const found = await evaluate(optimised, outputs, feeds(built, [0], { 'trunk/gate/codes/bias': [9, 9] }));
    for (const value of Object.values(found)) expect(numbers(value).every(Number.isFinite)).toBe(true);
  });

  test.each([8, 6])(
    'under the penalty of entropy selectors over %i experts come to one each',
    async (experts) => {
      const built = gate(experts, { gate: 'dselect-k', entropy: 1 });
      const bias = 'trunk/gate/codes/bias';
      const at = built.set.parameters.findIndex(({ name }) => name === bias);
      const penalty = built.penalties.reduce((a, b) => add(a, b));
      const outputs = { d: gradient(penalty, [built.set.leaves[at]!])[0]! };
      let codes = [0.01, -0.02, 0.015, -0.01, 0.02, -0.015];
      for (let step = 0; step < 60; step++) {
        const { d } = await evaluate(optimised, outputs, feeds(built, [0], { [bias]: codes }));
        codes = codes.map((value, i) => value - 0.02 * numbers(d!)[i]!);
      }
      const [row] = await weigh(built, [0], { [bias]: codes, 'trunk/gate/choice/bias': [Math.log(3), 0] });
      expect(row!.filter((value) => value > 0.01).map((value) => value.toFixed(2))).toEqual(
        expect.arrayContaining(['0.75', '0.25']),
      );
    },
  );
});

describe('balance', () => {
  test('CV² by hand', async () => {
    const weights = constant([1, 0, 0, 0.5, 0.5, 0], { shape: [2, 3] });
    // Importance ¾, ¼, 0 with mean ⅓: variance (25 + 1 + 16)/432, CV² = 9 · 42/432.
    expect((await evaluated(imbalance(weights, 0)))[0]).toBeCloseTo((9 * 42) / 432, 5);
  });

  test('0 where tasks specialise but all experts are used; E − 1 where one is', async () => {
    const apart = constant([1, 0, 1, 0, 0, 1, 0, 1], { shape: [2, 2, 2] });
    expect((await evaluated(imbalance(apart, 0)))[0]).toBeCloseTo(0, 6);
    const one = constant([1, 0, 1, 0], { shape: [1, 2, 2] });
    expect((await evaluated(imbalance(one, 0)))[0]).toBeCloseTo(1, 6);
  });
});
