import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { RandomStream } from '../src/common/random.ts';
import {
  type FitHooks,
  type RunConfigInput,
  type RunResult,
  resumeFit,
  runFit,
} from '../src/experiment/index.ts';
import { CONTROL, type Request } from '../src/experiment/live/control.ts';
import { JOURNAL, type JournalEntry } from '../src/experiment/live/journal.ts';
import { shortened } from '../src/studio/run-stream.ts';
import { hear, NOTHING_TOLD } from '../studio/src/run/told.ts';

const folder = mkdtempSync(join(tmpdir(), 'polytask-live-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const random = new RandomStream(4, 'live');
const data = Array.from({ length: 200 }, (_, i) => {
  const [x, y] = [random.normal(2 * i), random.normal(2 * i + 1)];
  return { x, y, sum: x + y, sign: x > 0 ? 'yes' : 'no' };
});
const config = (name: string, more: Partial<RunConfigInput> = {}): RunConfigInput => ({
  data,
  tasks: { sum: { kind: 'regression' }, sign: { kind: 'binary' } },
  seeds: 2,
  threads: 1,
  runtime: 'native',
  model: { hidden: [8] },
  affinity: 'first-order:every=5',
  training: { maxEpochs: 6, patience: 100, epochsPerEvaluation: 1 },
  out: join(folder, name),
  ...more,
});

const journalOf = (name: string): JournalEntry[] =>
  readFileSync(join(folder, name, JOURNAL), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as JournalEntry);

const bytesOf = (name: string): string =>
  readFileSync(join(folder, name, 'model', 'model.onnx')).toString('base64');

/** All that the curves of the joint model keep, but for the time that it took. */
const courseOf = ({ multi }: RunResult): unknown =>
  JSON.parse(JSON.stringify(multi.curve.map(({ seconds: _, ...point }) => point)));

let plain: RunResult;
let requests = 0;
function ask(name: string, request: Request): void {
  writeFileSync(join(folder, name, CONTROL), JSON.stringify({ id: `${requests++}`, request }));
}

/** Asks once, when the joint model has come so far. */
function atEpoch(epoch: number, act: () => void): FitHooks {
  let done = false;
  return {
    onEvent: (event) => {
      if (done || event.phase !== 'training' || event.progress.point?.epoch !== epoch) return;
      done = true;
      act();
    },
  };
}

test('a run tells what it does: tasks, curves of each way, its end', async () => {
  const result = await runFit(config('plain'));
  plain = result;
  const entries = journalOf('plain');
  expect(entries[0]).toMatchObject({
    kind: 'begun',
    seeds: [0, 1],
    rows: result.data.rows,
    tasks: [
      { name: 'sum', kind: 'regression', metric: 'rmse', higherIsBetter: false },
      { name: 'sign', kind: 'binary', metric: 'auc', higherIsBetter: true, constant: 0.5 },
    ],
  });
  expect(entries.at(-1)!.kind).toBe('finished');
  for (const [sharing, trial] of [
    ['shared-bottom', result.multi],
    ['independent', result.independent!],
  ] as const) {
    const points = entries.flatMap((entry) =>
      entry.kind === 'point' && entry.sharing === sharing ? [entry.point] : [],
    );
    expect(points).toEqual(JSON.parse(JSON.stringify(trial.curve)));
  }
});

test('what a mixture lets be watched is named once, so that pages know what the numbers of its points are', async () => {
  const { multi } = await runFit(config('mixture', { model: { hidden: [8], sharing: 'mmoe:experts=3' } }));
  const entries = journalOf('mixture');
  expect(entries.filter(({ kind }) => kind === 'tables')).toHaveLength(1);
  const { trainings, seeds } = entries.reduce(hear, NOTHING_TOLD);
  expect(seeds).toEqual([0, 1]);
  const [joint, alone] = trainings;
  expect(joint!.tables).toEqual(multi.watched!.map(({ values: _, ...names }) => names));
  expect(joint!.curve.at(-1)!.watched).toEqual(multi.curve.at(-1)!.watched);
  expect(alone!.tables).toBeUndefined();
});

test('a page keeps of a long curve what it can draw, and all looks at gradients', () => {
  const point = (step: number): JournalEntry => ({
    ...{ at: step, process: 1, kind: 'point' as const, sharing: 'mmoe', trial: 1, trials: 1 },
    ...{ maxEpochs: 9999, stepsPerEpoch: 1 },
    point: {
      ...{ epoch: step, step, seconds: step, losses: [[1]], metrics: [[1]] },
      ...(step % 97 === 0 && {
        observed: { looks: 1, norms: [1], conflicts: null, whole: [[]], layers: {} },
      }),
    },
  });
  const entries = Array.from({ length: 3000 }, (_, step) => point(step));
  const { curve } = entries.reduce(hear, NOTHING_TOLD).trainings[0]!;
  expect(curve.length).toBeLessThan(800);
  expect(curve.at(-1)!.step).toBe(2999);
  expect(curve.filter(({ observed }) => observed)).toHaveLength(31);
  expect(shortened(entries).filter((entry) => entry.kind === 'point' && entry.point.observed)).toHaveLength(
    31,
  );
});

test('a run that is paused waits, and ends as if nothing had been', async () => {
  const out = 'paused';
  const result = await runFit(
    config(out),
    atEpoch(2, () => {
      ask(out, 'pause');
      setTimeout(() => ask(out, 'resume'), 700);
    }),
  );
  const kinds = journalOf(out).map(({ kind }) => kind);
  expect(kinds).toContain('paused');
  expect(kinds.indexOf('resumed')).toBe(kinds.indexOf('paused') + 1);
  expect(kinds.at(-1)).toBe('finished');
  expect(bytesOf(out)).toBe(bytesOf('plain'));
  expect(result.multi.steps).toBeGreaterThan(0);
});

test('one that is stopped can be resumed; the request is not heeded twice', async () => {
  const out = 'stopped';
  const stopped = runFit(
    config(out),
    atEpoch(2, () => {
      ask(out, 'pause');
      setTimeout(() => ask(out, 'stop'), 300);
    }),
  );
  await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
  expect(journalOf(out).at(-1)).toMatchObject({ kind: 'stopped' });
  const resumed = await resumeFit(join(folder, out), {}, data);
  expect(plain.multi.curve.filter(({ observed }) => observed).length).toBeGreaterThan(1);
  expect(courseOf(resumed)).toEqual(courseOf(plain));
  expect(journalOf(out).at(-1)!.kind).toBe('finished');
  expect(bytesOf(out)).toBe(bytesOf('plain'));
});

test('one that is asked to end concludes with what it has', async () => {
  const out = 'ended';
  const hooks = atEpoch(2, () => {
    ask(out, 'pause');
    setTimeout(() => ask(out, 'end'), 300);
  });
  const result: RunResult = await runFit(config(out), hooks);
  expect(result.multi.curve.at(-1)!.epoch).toBeLessThan(6);
  expect(result.independent!.curve.at(-1)!.epoch).toBeLessThan(6);
  expect(journalOf(out).map(({ kind }) => kind)).toContain('ending');
});

test('so does a search', async () => {
  const out = 'search';
  let asked = false;
  const result = await runFit(
    config(out, { timeLimit: 600, training: { patience: 100, epochsPerEvaluation: 1 } }),
    {
      onEvent: (event) => {
        if (asked || event.phase !== 'searching' || event.spent < 0.5) return;
        asked = true;
        ask(out, 'end');
      },
    },
  );
  expect(result.search!.leaderboard.length).toBeLessThan(30);
  const searching = journalOf(out).filter(({ kind }) => kind === 'searching');
  // A line for each candidate and stage, and at most one a second between them.
  expect(searching.length).toBeGreaterThan(2);
  expect(searching.length).toBeLessThan(40);
});

test('a control file that is damaged is not heeded', async () => {
  const out = 'damaged';
  await runFit(
    config(out),
    atEpoch(1, () => writeFileSync(join(folder, out, CONTROL), '{"id": "x", "requ')),
  );
  expect(bytesOf(out)).toBe(bytesOf('plain'));
});
