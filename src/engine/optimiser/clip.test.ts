import fc from 'fast-check';
import { expect, test } from 'vitest';
import { input } from '../leaf.ts';
import { compile } from '../program.ts';
import type { Session } from '../runtime/runtime.ts';
import { numbers, tensorData } from '../tensor-data.ts';
import { clipByGlobalNorm, clipByValue } from './clip.ts';
import { runtime } from './run.test-support.ts';

const LEAD = 2;
const BOUND = 1.5;
const finite = fc.oneof(
  fc.constant(0),
  fc.double({ min: -3, max: 3, noNaN: true }).map(Math.fround),
  fc.double({ min: -1e-12, max: 1e-12, noNaN: true }).map(Math.fround),
);
const many = (length: number) => fc.array(finite, { minLength: length, maxLength: length });
const norm = (values: number[]): number => Math.hypot(...values);

/** Two gradients, [2, 2, 3] and [2, 1, 2], clipped in all the ways; replica s owns 6 and 2 elements. */
async function session(): Promise<Session> {
  const [a, b] = [input('a', [LEAD, 2, 3]), input('b', [LEAD, 1, 2])];
  const packed = clipByGlobalNorm([input('packed', [LEAD, 8])], BOUND, { lead: 1 });
  const { gradients, norm: lengths } = clipByGlobalNorm([a, b], BOUND, { lead: 1 });
  const [limited] = clipByValue([a], BOUND);
  return runtime.load(
    compile({
      clippedA: gradients[0]!,
      clippedB: gradients[1]!,
      lengths,
      clippedPacked: packed.gradients[0]!,
      packedLengths: packed.norm,
      limited: limited!,
    }),
  );
}

async function clipAll(loaded: Session, a: number[], b: number[]): Promise<Record<string, number[]>> {
  const rows = [0, 1].flatMap((s) => [...a.slice(s * 6, s * 6 + 6), ...b.slice(s * 2, s * 2 + 2)]);
  const outputs = await loaded.run({
    a: tensorData(a, [LEAD, 2, 3]),
    b: tensorData(b, [LEAD, 1, 2]),
    packed: tensorData(rows, [LEAD, 8]),
  });
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, numbers(value)]));
}

test('each replica is clipped by its own norm, small gradients stay bit for bit, directions are kept', async () => {
  const loaded = await session();
  await fc.assert(
    fc.asyncProperty(many(12), many(4), async (a, b) => {
      const clipped = await clipAll(loaded, a, b);
      for (let s = 0; s < LEAD; s++) {
        const before = [...a.slice(s * 6, s * 6 + 6), ...b.slice(s * 2, s * 2 + 2)];
        const after = [
          ...clipped.clippedA!.slice(s * 6, s * 6 + 6),
          ...clipped.clippedB!.slice(s * 2, s * 2 + 2),
        ];
        const length = norm(before);
        expect(Math.abs(clipped.lengths![s]! - length)).toBeLessThan(1e-5);
        expect(after.every(Number.isFinite)).toBe(true);
        if (length < BOUND * (1 - 1e-6)) expect(after).toEqual(before);
        else {
          expect(norm(after)).toBeLessThanOrEqual(BOUND * (1 + 1e-5));
          const factor = Math.min(1, BOUND / length);
          after.forEach((value, i) => {
            expect(Math.abs(value - before[i]! * factor)).toBeLessThan(1e-5);
          });
        }
        expect(clipped.clippedPacked!.slice(s * 8, s * 8 + 8)).toEqual(after);
      }
      expect(clipped.limited).toEqual(a.map((value) => Math.min(BOUND, Math.max(-BOUND, value))));
    }),
    { numRuns: 200, examples: [[new Array<number>(12).fill(0), new Array<number>(4).fill(0)]] },
  );
  await loaded.close();
});

test('without leading axes one norm spans everything: (3, 4) and 12 have norm 13', async () => {
  const { gradients, norm: length } = clipByGlobalNorm([input('a', [2]), input('b', [])], 1);
  const loaded = await runtime.load(compile({ x: gradients[0]!, y: gradients[1]!, length }));
  const { x, y, length: found } = await loaded.run({ a: tensorData([3, 4]), b: tensorData(12) });
  expect(numbers(found!)).toEqual([13]);
  expect(numbers(x!).map((value) => value * 13)).toEqual([expect.closeTo(3, 5), expect.closeTo(4, 5)]);
  expect(numbers(y!)[0]! * 13).toBeCloseTo(12, 5);
  await loaded.close();
});

test('bounds and replica axes are checked', () => {
  const a = input('a', [2, 3]);
  expect(() => clipByGlobalNorm([a], 0)).toThrow('a finite number above 0');
  expect(() => clipByValue([a], Number.NaN)).toThrow('optimiser-invalid');
  expect(() => clipByGlobalNorm([], 1)).toThrow('at least one gradient');
  expect(() => clipByGlobalNorm([a, input('b', [3, 3])], 1, { lead: 1 })).toThrow('shape-mismatch');
});
