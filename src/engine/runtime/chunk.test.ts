import { expect, test } from 'vitest';
import { ChunkSizer, runChunks } from './chunk.ts';

/** What the sizer settles on when a chunk takes `overhead + steps · perStep` milliseconds. */
function settle(
  perStep: number,
  overhead: number,
  sizer = new ChunkSizer(),
): { chunks: number[]; last: number } {
  const chunks: number[] = [];
  for (let i = 0; i < 12; i++) {
    const steps = sizer.next(Number.POSITIVE_INFINITY);
    chunks.push(steps);
    sizer.record(steps, overhead + steps * perStep);
  }
  const last = overhead + chunks.at(-1)! * perStep;
  return { chunks, last };
}

test.each([
  [0.005, 0.02],
  [0.05, 5],
  [2, 0.1],
  [40, 1],
])('steps of %f ms settle at chunks of 50 to 200 ms', (perStep, overhead) => {
  const { last } = settle(perStep, overhead);
  expect(last).toBeGreaterThanOrEqual(50);
  expect(last).toBeLessThanOrEqual(200);
});

test('a step longer than a chunk is taken alone', () => {
  expect(settle(900, 0).chunks.at(-1)).toBe(1);
});

test('grows at most eightfold, stays below the most and the remaining', () => {
  const { chunks } = settle(1e-6, 0, new ChunkSizer({ first: 2, most: 1000 }));
  expect(chunks.slice(0, 5)).toEqual([2, 16, 128, 1000, 1000]);
  expect(new ChunkSizer({ first: 50 }).next(7)).toBe(7);
});

test('stays above the least, but never beyond what remains', () => {
  const sizer = new ChunkSizer({ least: 8 });
  expect(settle(900, 0, sizer).chunks.at(-1)).toBe(8);
  expect(sizer.next(3)).toBe(3);
});

test('adapts when steps become slower', () => {
  const sizer = new ChunkSizer();
  settle(0.1, 0, sizer);
  const { last } = settle(5, 0, sizer);
  expect(last).toBeLessThanOrEqual(200);
});

test('runs every step once, in order', async () => {
  const seen: number[] = [];
  const sizer = new ChunkSizer({ target: 5 });
  await runChunks({
    from: 3,
    to: 40,
    sizer,
    advance: async (start, steps) => {
      for (let k = 0; k < steps; k++) seen.push(start + k);
      await new Promise((resolve) => setTimeout(resolve, steps));
    },
  });
  expect(seen).toEqual(Array.from({ length: 37 }, (_, i) => i + 3));
  expect(sizer.perStep).toBeGreaterThan(0);
});

test('a signal stops between two chunks, with the step in the error', async () => {
  const controller = new AbortController();
  let done = 0;
  const run = runChunks({
    from: 0,
    to: 1_000_000,
    sizer: new ChunkSizer({ most: 10, first: 10 }),
    signal: controller.signal,
    advance: async (start, steps) => {
      done = start + steps;
      if (done === 30) controller.abort();
    },
  });
  await expect(run).rejects.toMatchObject({ code: 'cancelled', path: 'step 30' });
  expect(done).toBe(30);
});

test('a timer fires between chunks of work that never leaves the thread', async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 5);
  const run = runChunks({
    from: 0,
    to: 1_000_000_000,
    sizer: new ChunkSizer({ most: 10 }),
    signal: controller.signal,
    advance: () => Promise.resolve(),
  });
  await expect(run).rejects.toMatchObject({ code: 'cancelled' });
});
