import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Comparison, RunResult } from '../../src/index.ts';
import { lastLine, polytask } from '../support/run-cli.ts';
import { sampleRows, toCsv } from '../support/sample.ts';
import { fitAnswer } from './fit-answer.ts';
import { type Succeeded, succeed } from './wide.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'polytask-transfer-'));
  writeFileSync(join(folder, 'rows.csv'), toCsv(sampleRows(300)));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const good = (...args: readonly string[]): Promise<Succeeded> => succeed(folder, ...args);
const resultOf = (out: string): RunResult =>
  JSON.parse(readFileSync(join(folder, out, 'result.json'), 'utf8')) as RunResult;

/** Bit-identical on one thread. */
const HOW = ['--seeds', '2', '--epochs', '3', '--threads', '1'];
const PROBLEM = ['rows.csv', '--task', 'flag', '--task', 'amount', '--exclude', 'patient,side,size,shape'];
const LONG = ['rows.csv', '--task', 'amount', '--by', 'school', '--exclude', 'patient,side,flag,visits'];

/** What was reached, without what depends on the clock. */
const scoresOf = ({ folds, fractions, multi, independent, diagnosis }: RunResult): unknown => ({
  folds,
  fractions,
  test: [multi.test, independent?.test],
  everyMetric: [multi.everyMetric, independent?.everyMetric],
  delta: diagnosis?.delta,
});

test('folds: every row is tested once, each fold is told, and the interval is over folds', async () => {
  const { answer, stderr } = await good(
    'fit',
    ...PROBLEM,
    ...HOW,
    '--folds',
    '3',
    '--out',
    'folds',
    '--json',
  );
  const { folds, transfer, tasks, words } = fitAnswer.parse(answer());
  expect(folds!.map(({ fold }) => fold)).toEqual([1, 2, 3]);
  expect(folds!.reduce((sum, { rows }) => sum + rows.test, 0)).toBe(300);
  for (const { rows } of folds!) expect(rows.train + rows.validation + rows.test).toBe(300);
  expect(transfer!.intervalOver).toBe('folds');
  const mean = folds!.reduce((sum, fold) => sum + fold.tasks.amount!.multi!, 0) / 3;
  expect(tasks.amount!.multi).toBeCloseTo(mean, 9);
  const means = folds!.map(({ delta }) => delta.mean!);
  expect(fitAnswer.parse(answer()).delta.mean).toBeCloseTo(means.reduce((a, b) => a + b, 0) / 3, 9);
  expect(words.join(' ')).toContain('The intervals come from 3 folds of the rows, each the mean of 2 seeds');
  expect(stderr).toMatch(/fold 3 of 3 {2}\[2\/2\] independent/);
  expect(readFileSync(join(folder, 'folds', 'report.html'), 'utf8')).toContain('Fold by fold');
});

test('fewer rows: nested parts with the same validation and test rows, by task in long tables', async () => {
  const fractions = ['--fractions', '0.5,0.1'];
  const { answer, stdout } = await good('fit', ...LONG, ...HOW, ...fractions, '--out', 'fewer', '--json');
  const found = fitAnswer.parse(answer());
  const { train, ...others } = found.rows;
  expect(found.fractions!.map(({ fraction, rows }) => [fraction, rows])).toEqual([
    [0.1, { train: Math.round(0.1 * train), ...others }],
    [0.5, { train: Math.round(0.5 * train), ...others }],
    [1, { train, ...others }],
  ]);
  expect(found.fractions!.at(-1)!.delta).toEqual(found.delta);
  expect(found.words.join(' ')).toMatch(
    /with 21 training rows the tasks do .* together than apart, with 210 /,
  );
  expect(stdout).not.toContain('undefined');
  const again = await good('resume', 'fewer', '--no-color');
  expect(again.stdout).toMatch(/^training rows +change +95 % interval\n +21 /m);
});

describe.concurrent('a run that was killed in the midst of its repeats', () => {
  test.each([
    ['--folds', '3', 'fold-2.shared-bottom.ckpt'],
    ['--fractions', '0.2,0.6', 'fraction-0.6.shared-bottom.ckpt'],
  ])('%s %s ends as if nothing had been', async (flag, value, checkpoint) => {
    const how = ['--seeds', '2', '--epochs', '40', '--threads', '1', flag, value];
    const out = `killed${flag}`;
    const stopped = await polytask(['fit', ...PROBLEM, ...how, '--out', out], {
      cwd: folder,
      onStart: (child) => {
        const timer = setInterval(() => {
          if (!existsSync(join(folder, out, 'checkpoints', checkpoint))) return;
          clearInterval(timer);
          child.kill('SIGKILL');
        }, 5);
        child.on('close', () => clearInterval(timer));
      },
    });
    expect(stopped.code).toBeNull();
    expect(existsSync(join(folder, out, 'result.json'))).toBe(false);
    await good('resume', out, '--json');
    await good('fit', ...PROBLEM, ...how, '--out', `whole${flag}`, '--quiet');
    expect(scoresOf(resultOf(out))).toEqual(scoresOf(resultOf(`whole${flag}`)));
  });
});

describe('baselines', () => {
  const folds = ['--folds', '2'];
  beforeAll(async () => {
    await good('baselines', ...PROBLEM, ...HOW, ...folds, '--out', 'alone', '--quiet');
    await good('fit', ...PROBLEM, ...HOW, ...folds, '--out', 'whole', '--quiet');
  });

  test('are what fit trains, and fit takes them over in place of its own', async () => {
    const own = resultOf('whole');
    const alone = resultOf('alone');
    expect(alone.multi.everyMetric).toEqual(own.independent!.everyMetric);
    expect(alone.folds!.map(({ multi }) => multi)).toEqual(own.folds!.map(({ independent }) => independent));
    const reuse = ['--baseline', 'alone', '--out', 'reused'];
    const { stderr } = await good('fit', ...PROBLEM, ...HOW, ...folds, ...reuse);
    expect(stderr).toContain('[1/2] shared-bottom');
    expect(stderr).not.toContain('independent  epoch');
    expect(scoresOf(resultOf('reused'))).toEqual(scoresOf(own));
  });

  test.each([
    ['training.batchSize', ['--batch-size', '64']],
    ['model.hidden', ['--hidden', '16']],
    ['seeds', ['--seeds', '3']],
    ['split', ['--seed', '4']],
    ['folds', ['--folds', '3']],
    ['columns', ['--exclude', 'note']],
    ['tasks.amount', ['--set', 'tasks.amount.loss=huber']],
  ])('are refused where %s differs', async (what, more) => {
    const args = ['fit', ...PROBLEM, ...HOW, ...folds, '--baseline', 'alone', '--out', 'refused', ...more];
    const { code, stdout } = await polytask([...args, '--json'], { cwd: folder });
    expect(code).toBe(2);
    expect(lastLine(stdout)).toMatchObject({
      error: { code: 'runs-differ', path: expect.stringContaining(`alone: ${what}`) },
    });
    expect(existsSync(join(folder, 'refused'))).toBe(false);
  });

  test('compare takes them: paired by fold, in words, a table and a page', async () => {
    const runs = ['compare', 'alone', 'whole', '--html', 'compare.html'];
    const { answer } = await good(...runs, '--json');
    const { runs: compared, ...about } = answer() as Comparison;
    expect(about).toMatchObject({ baseline: 'alone', intervalOver: 'folds', settings: ['model.sharing'] });
    const { diagnosis, independent } = resultOf('whole');
    expect(compared[1]!.delta).toEqual(diagnosis!.delta);
    expect(compared[0]!.parameters).toBe(independent!.parameters.total);
    expect(compared.map(({ meanRank }) => meanRank)).toEqual([
      diagnosis!.ranks.independent,
      diagnosis!.ranks.multi,
    ]);
    expect(readFileSync(join(folder, 'compare.html'), 'utf8')).toMatch(/^<!doctype html>/i);
    const { stdout } = await good(...runs, '--baseline', 'whole', '--no-color');
    expect(stdout).toMatch(/^verdict +\S.* baseline$/m);
  });
});
