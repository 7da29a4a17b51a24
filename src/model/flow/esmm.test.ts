import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluate, optimised, wasm, withSession } from '../../engine/contract/runtimes.ts';
import { input, numbers, sigmoid, slice, stack, type Tensor, tensorData } from '../../engine/index.ts';
import { jointLogit } from './esmm.ts';
import { type BuiltFlow, buildFlow, ROWS, type Setting, sigmoidOf } from './flow.test-support.ts';
import { chooseFlow } from './registry.ts';

const tasks: Setting['tasks'] = {
  buy: { kind: 'binary', rate: 0.02 },
  spend: { kind: 'regression' },
  click: { kind: 'binary', rate: 0.3 },
  other: { kind: 'binary', rate: 0.5 },
  view: { kind: 'binary', rate: 0.6 },
};
const names = ['buy', 'click', 'other', 'view'];
const flow = 'esmm:path=view+click+buy';

/** Logits of the binary tasks by name, [rows] each. */
async function logitsOf({ logits, read }: BuiltFlow, noise?: number): Promise<Record<string, number[]>> {
  const binary = logits.get('binary')!;
  return read(Object.fromEntries(names.map((name, t) => [name, slice(binary, -2, t, t + 1)])), {}, noise);
}

test('the logit of a product, against double precision, and finite far out', async () => {
  const values = [-80, -20, -3, -0.5, 0, 0.5, 3, 20, 80];
  const [a, b] = [values.flatMap((x) => values.map(() => x)), values.flatMap(() => values)];
  const feed = (data: number[]) => tensorData(Float32Array.from(data), [data.length, 1]);
  const [x, y] = [input('a', [a.length, 1]), input('b', [a.length, 1])];
  const { joint } = await evaluate(optimised, { joint: jointLogit(x, y) }, { a: feed(a), b: feed(b) });
  numbers(joint!).forEach((logit, i) => {
    const [p, q] = [a[i]!, b[i]!];
    const exact = -Math.log(Math.exp(-p) + Math.exp(-q) + Math.exp(-p - q));
    expect(logit).toBeCloseTo(exact, 4);
  });
});

test('a task is the product along its path; others stay as they are', async () => {
  const plain = await logitsOf(buildFlow({ tasks }));
  const joint = await logitsOf(buildFlow({ tasks, spec: { flow } }));
  // Heads start elsewhere, so the biases are taken back.
  const bias = (rate: number): number => Math.log(rate / (1 - rate));
  for (let row = 0; row < ROWS; row++) {
    const view = sigmoidOf(plain.view![row]!);
    const click = sigmoidOf(plain.click![row]! - bias(0.3) + bias(0.5));
    const buy = sigmoidOf(plain.buy![row]! - bias(0.02) + bias(0.02 / 0.3));
    expect(sigmoidOf(joint.view![row]!)).toBeCloseTo(view, 5);
    expect(sigmoidOf(joint.click![row]!)).toBeCloseTo(view * click, 5);
    expect(sigmoidOf(joint.buy![row]!)).toBeCloseTo(view * click * buy, 5);
    expect(joint.other![row]).toBeCloseTo(plain.other![row]!, 5);
  }
});

test.each(['shared-bottom', 'independent', 'shared-bottom:heads=shared'])(
  'training starts at the base rates of all rows: %s',
  async (sharing) => {
    for (const tower of [[], [4]]) {
      const shape = { activation: 'tanh', dropout: 0, norm: 'none' } as const;
      const built = buildFlow({ tasks, spec: { flow, sharing, tower: { ...shape, hidden: tower } } });
      // Output weights at zero leave the biases.
      const zero = Object.fromEntries(
        built.set.parameters
          .filter(({ name }) => name.startsWith('heads') && name.endsWith('weight'))
          .map(({ name, shape: sizes }) => [
            name,
            tensorData(new Float32Array(sizes.reduce((x, y) => x * y, 1)), sizes),
          ]),
      );
      const { p } = await built.read({ p: sigmoid(built.logits.get('binary')!) }, zero, 0);
      if (sharing.endsWith('shared')) expect(p!.every((value) => value > 0 && value < 1)).toBe(true);
      else
        names.forEach((name, t) => {
          expect(p![t]).toBeCloseTo(tasks[name]!.rate!, 5);
        });
    }
  },
);

test('a rate above the one before starts below 1', async () => {
  const odd = { click: { kind: 'binary', rate: 0.2 }, buy: { kind: 'binary', rate: 0.9 } };
  const built = buildFlow({ tasks: odd, spec: { flow: 'esmm:path=click+buy' } });
  const { l } = await built.read({ l: built.logits.get('binary')! });
  expect(l!.every(Number.isFinite)).toBe(true);
});

test.each([
  ['native', optimised],
  ['wasm', wasm],
])('no prediction is above the one before it, to the last bit: %s', async (_, runtime) => {
  const width = 64;
  const {
    flow: { bound },
    options,
  } = chooseFlow('esmm:path=a+b+c');
  const heads = ['a', 'b', 'c'].map((name) => ({ name, family: 'binary', width: 1, initialBias: [0] }));
  const families = [{ key: 'binary', width: 1, start: 0, heads }];
  const leaves = ['a', 'b', 'c'].map((name) => input(name, [width, 1]));
  const joint: Tensor[] = [leaves[0]!];
  for (const own of leaves.slice(1)) joint.push(jointLogit(joint.at(-1)!, own));
  const outputs = bound!(new Map([['binary', sigmoid(stack(joint, -2))]]), { families }, options);
  // Conditional logits far up are where rounding shows.
  const logit = fc.oneof(
    fc.float({ min: -30, max: 30, noNaN: true }),
    fc.float({ min: 8, max: 120, noNaN: true }),
  );
  const column = fc.array(logit, { minLength: width, maxLength: width });
  await withSession(runtime, { p: outputs.get('binary')! }, (run) =>
    fc.assert(
      fc.asyncProperty(column, column, column, async (a, b, c) => {
        const feed = (data: number[]) => tensorData(Float32Array.from(data), [width, 1]);
        const values = numbers((await run({ a: feed(a), b: feed(b), c: feed(c) })).p!);
        for (let row = 0; row < width; row++) {
          const [p, q, r] = values.slice(row * 3, row * 3 + 3) as [number, number, number];
          expect(q).toBeLessThanOrEqual(p);
          expect(r).toBeLessThanOrEqual(q);
        }
      }),
      { numRuns: 40 },
    ),
  );
});

test('the loss of a later task moves the heads of the earlier ones', async () => {
  const built = buildFlow({
    tasks: { click: tasks.click!, buy: tasks.buy! },
    spec: { flow: 'esmm:path=click+buy' },
  });
  const weights = built.set.parameters.find(({ name }) => name.endsWith('binary/weight'))!;
  expect(await built.moved(slice(built.logits.get('binary')!, -2, 1, 2))).toContain(weights.name);
});

test('seeds side by side give what each gives alone', async () => {
  const alone = await logitsOf(buildFlow({ tasks, spec: { flow } }), 0);
  const both = await logitsOf(buildFlow({ tasks, spec: { flow }, seeds: 2 }), 0);
  for (const name of names) {
    expect(both[name]).toHaveLength(2 * ROWS);
    both[name]!.slice(0, ROWS).forEach((value, i) => {
      expect(value).toBeCloseTo(alone[name]![i]!, 5);
    });
  }
});
