import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lastLine, polytask } from '../support/run-cli.ts';
import { sampleRows, toCsv } from '../support/sample.ts';
import { fitAnswer } from './fit-answer.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'polytask-choose-'));
  const rows = sampleRows(300).map(({ flag, amount, x, colour }) => ({ flag, amount, x, colour }));
  writeFileSync(join(folder, 'rows.csv'), toCsv(rows));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FIT = ['fit', 'rows.csv', '--task', 'flag', '--task', 'amount', '--seeds', '2', '--json'];

test('a fit with a limit of seconds chooses, keeps to its time, and leaves a model that predicts', async () => {
  const began = performance.now();
  const { code, stdout } = await polytask([...FIT, '--time-limit', '8', '--committee', '--out', 'chosen'], {
    cwd: folder,
  });
  expect(code).toBe(0);
  // Reading, exporting and the report come on top; a training ends after an evaluation.
  expect((performance.now() - began) / 1000).toBeLessThan(40);
  const { search, model } = fitAnswer.parse(lastLine(stdout));
  expect(search!.limit).toEqual({ unit: 'seconds', total: 8 });
  expect(new Set(search!.leaderboard.map(({ side }) => side))).toEqual(new Set(['together', 'alone']));
  const report = readFileSync(join(folder, 'chosen', 'report.html'), 'utf8');
  expect(report).toContain('What was tried');
  const described = await polytask(['describe', model], { cwd: folder });
  expect(described.stdout).toMatch(/sharing .*, the mean of seeds 0, 1/);
  const predicted = await polytask(['predict', model, 'rows.csv', '--out', 'out.csv'], { cwd: folder });
  expect(predicted.code).toBe(0);
  expect(readFileSync(join(folder, 'out.csv'), 'utf8').trim().split('\n')).toHaveLength(301);
});

test('a search that was killed goes on and decides the same', { timeout: 180_000 }, async () => {
  const args = [...FIT, '--step-limit', '1200', '--threads', '1'];
  const whole = await polytask([...args, '--out', 'whole'], { cwd: folder });
  const decided = (stdout: string): unknown => {
    const { search, best } = fitAnswer.parse(lastLine(stdout));
    return {
      best,
      ways: search!.leaderboard.map(({ side, name, score, steps }) => [side, name, score, steps]),
    };
  };
  let killed = 0;
  const kill = { cwd: folder, onStart: (child: { kill(signal: 'SIGKILL'): boolean }) => killer(child) };
  const killer = (child: { kill(signal: 'SIGKILL'): boolean }): void => {
    const notes = join(folder, 'killed', 'search.json');
    const timer = setInterval(() => {
      if (!existsSync(notes) || readFileSync(notes, 'utf8').split('"ranking"').length < 3 + killed) return;
      clearInterval(timer);
      killed++;
      child.kill('SIGKILL');
    }, 5);
  };
  await polytask([...args, '--out', 'killed'], kill);
  expect(killed).toBe(1);
  expect(existsSync(join(folder, 'killed', 'result.json'))).toBe(false);
  const resumed = await polytask(['resume', 'killed', '--json'], { cwd: folder });
  expect(resumed.code).toBe(0);
  expect(decided(resumed.stdout)).toEqual(decided(whole.stdout));
  const model = (run: string): Buffer => readFileSync(join(folder, run, 'model', 'model.onnx'));
  expect(model('killed').equals(model('whole'))).toBe(true);
});

test.each([
  [['--step-limit', '0'], /--step-limit/],
  [['--step-limit', '100', '--time-limit', '3'], /one limit/],
  [['--step-limit', '100', '--objective-of-choice', 'flug'], /Did you mean "flag"/],
])('%j is refused', async (more, says) => {
  const { code, stderr } = await polytask([...FIT.slice(0, -1), ...more, '--out', 'refused'], {
    cwd: folder,
  });
  expect(code).toBe(2);
  expect(stderr).toMatch(says);
  expect(existsSync(join(folder, 'refused'))).toBe(false);
});
