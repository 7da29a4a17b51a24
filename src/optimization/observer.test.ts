import { describe, expect, test } from 'vitest';
import { optimised } from '../engine/contract/runtimes.ts';
import { numbers } from '../engine/index.ts';
import { modelOf, setupOf, wideSample, withSetup } from './fixture.test-support.ts';
import type { ObservedPoint } from './observed-point.ts';
import { type Observer, stretches } from './observer.ts';
import { train } from './train.ts';
import type { Checkpoint, TrainingHooks } from './training.ts';

const sample = wideSample([
  { name: 'size', kind: 'regression', missing: 0.2 },
  { name: 'sold', kind: 'binary' },
]);

/** Remembers a digest of every moment that it sees. */
class Diary implements Observer {
  readonly #every: number;
  seen: { step: number; theta: number; rows: number; key: number }[] = [];
  #untold: number[] = [];

  constructor(every: number) {
    this.#every = every;
  }

  next(step: number): number {
    return Math.ceil(step / this.#every) * this.#every;
  }

  async look({ step, theta, feeds }: Parameters<Observer['look']>[0]): Promise<void> {
    const first = (name: string): number => numbers(feeds[name]!)[0]!;
    const sum = theta.reduce((a, b) => a + b, 0);
    this.seen.push({ step, theta: sum, rows: first('rows'), key: first('dropout/offset') });
    this.#untold.push(sum);
  }

  told(): ObservedPoint | undefined {
    const norms = this.#untold;
    this.#untold = [];
    return norms.length === 0
      ? undefined
      : { looks: norms.length, norms, conflicts: null, whole: [], layers: {} };
  }

  read(): unknown {
    return structuredClone(this.seen);
  }

  write(seen: unknown): void {
    this.seen = structuredClone((seen ?? []) as Diary['seen']);
  }
}

const run = (
  changes: Parameters<typeof setupOf>[2],
  observer?: Observer,
  hooks?: TrainingHooks,
): Promise<Checkpoint> => {
  const setup = setupOf(sample, modelOf('shared-bottom', { dropout: 0.3 }), { seeds: [1, 2], ...changes });
  return withSetup(optimised, sample, setup, (whole) => train(optimised, { ...whole, observer }, hooks));
};

const bare = ({ state, best, history }: Checkpoint): unknown => ({
  state,
  best,
  history: history.map(({ seconds: _, observed: __, ...point }) => point),
});

test.each([
  [
    8,
    6,
    10,
    [
      [8, 2, false],
      [10, 4, true],
    ],
  ],
  [10, 4, 10, [[10, 4, true]]],
  [
    0,
    5,
    2,
    [
      [0, 2, true],
      [2, 2, true],
      [4, 1, true],
    ],
  ],
  [3, 2, 100, [[3, 2, false]]],
  [3, 2, undefined, [[3, 2, false]]],
] as const)('%i and the %i steps after it, cut every %s', (start, steps, every, expected) => {
  const cut = stretches(start, steps, every && new Diary(every));
  expect(cut.map((own) => [own.start, own.steps, own.looks])).toEqual(expected);
});

describe.each([
  ['looped', {}],
  ['stepwise', { driver: 'stepwise' }],
  ['with lazy tables', { lazyFrom: 1 }],
] as const)('%s', (_, changes) => {
  test.each([1, 3, 7, 1000])('a look every %i steps changes no bit of the training', async (every) => {
    const diary = new Diary(every);
    expect(bare(await run(changes, diary))).toEqual(bare(await run(changes)));
    // Five epochs of four steps.
    const steps = Array.from({ length: 20 }, (_own, step) => step).filter((step) => step % every === 0);
    expect(diary.seen.map(({ step }) => step)).toEqual(steps);
  });
});

test('it sees θ before the step, and what the step is fed', async () => {
  const [one, all] = [new Diary(4), new Diary(1)];
  const thetas: number[] = [];
  await run({}, one, {
    onCheckpoint: async ({ state }) => {
      thetas.push(state.theta!.reduce((a, b) => a + b, 0));
    },
  });
  await run({}, all);
  expect(one.seen.slice(1).map(({ theta }) => theta)).toEqual(thetas.slice(0, -1));
  expect(one.seen).toEqual(all.seen.filter(({ step }) => step % 4 === 0));
  expect(new Set(all.seen.map(({ key }) => key)).size).toBe(20);
});

test('killed anywhere and resumed it has seen the same', async () => {
  const kept: Checkpoint[] = [];
  const whole = await run({}, new Diary(3), {
    onCheckpoint: async (checkpoint) => {
      kept.push(checkpoint);
    },
  });
  expect(whole.observed).toHaveLength(7);
  const told = (checkpoint: Checkpoint): unknown => checkpoint.history.map(({ observed }) => observed);
  // Steps 0 and 3, then 6, then 9; each point has what came before it and after the last.
  expect(whole.history.map(({ observed }) => observed?.looks)).toEqual([2, 1, 1, 2, 1]);
  for (const resume of kept.slice(0, -1)) {
    const observed = JSON.parse(JSON.stringify(resume.observed));
    const resumed = await run({}, new Diary(3), { resume: { ...resume, observed } });
    expect(resumed.observed).toEqual(whole.observed);
    expect(told(resumed)).toEqual(told(whole));
  }
});
