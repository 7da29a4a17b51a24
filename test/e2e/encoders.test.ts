import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lastLine, polytask } from '../support/run-cli.ts';
import { sampleRows, toCsv } from '../support/sample.ts';
import { fitAnswer } from './fit-answer.ts';
import { succeed } from './wide.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'polytask-encoders-'));
  writeFileSync(join(folder, 'rows.csv'), toCsv(sampleRows(400)));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TASKS = ['fit', 'rows.csv', '--task', 'flag', '--task', 'amount', '--threads', '1'];

describe('another trunk', () => {
  test('is trained, compared, described and predicted with, with the bins that training fitted', async () => {
    const trunk = ['--encoder', 'resnet:factor=1', '--numeric', 'piecewise-linear:bins=4,width=3'];
    const run = [...TASKS, ...trunk, '--hidden', '8,8', '--epochs', '3', '--seeds', '2', '--out', 'resnet'];
    const { answer } = await succeed(folder, ...run, '--json');
    const result = fitAnswer.parse(answer());
    expect(result.tasks.amount!.independent).toEqual(expect.any(Number));
    const { edges, encoders } = JSON.parse(readFileSync(join(folder, 'resnet/model/encoders.json'), 'utf8'));
    expect(encoders.length).toBeGreaterThan(1);
    expect(edges.some((own: number[]) => own.length === 5)).toBe(true);
    const { stdout } = await succeed(folder, 'describe', 'resnet/model');
    expect(stdout).toMatch(/encoder resnet:factor=1,dropout=0/);
    expect(stdout).toMatch(/numeric piecewise-linear:bins=4,width=3/);
    await succeed(folder, 'predict', 'resnet/model', 'rows.csv', '--out', 'predicted.csv');
    expect(readFileSync(join(folder, 'predicted.csv'), 'utf8').trim().split('\n')).toHaveLength(401);
  });

  test('that was killed while it trained ends as if nothing had been', async () => {
    const trunk = ['--encoder', 'ensemble:members=3', '--numeric', 'periodic:frequencies=2,width=3'];
    const long = ['--epochs', '200', '--set', 'training.patience=150', '--seeds', '2', '--no-baseline'];
    const run = [...TASKS, ...trunk, ...long, '--hidden', '8'];
    const whole = (await succeed(folder, ...run, '--out', 'whole', '--json')).answer();
    const killed = await polytask([...run, '--out', 'killed'], {
      cwd: folder,
      onStart: (child) => {
        const timer = setInterval(() => {
          if (existsSync(join(folder, 'killed/checkpoints/shared-bottom.ckpt'))) child.kill('SIGKILL');
        }, 10);
        child.on('close', () => clearInterval(timer));
      },
    });
    expect(killed.code).toBeNull();
    const resumed = await succeed(folder, 'resume', 'killed', '--json');
    expect(fitAnswer.parse(resumed.answer()).tasks).toEqual(fitAnswer.parse(whole).tasks);
  });

  test.each([
    [['--encoder', 'resnt'], /Did you mean "resnet"/],
    [['--encoder', 'ensemble:members=1'], /--encoder[\s\S]*members/],
    [['--numeric', 'piecewise:bins=4'], /piecewise-linear/],
    [['--encoder', 'resnet', '--sharing', 'task-queries'], /task-queries/],
  ])('%j is refused before there is a run folder', async (args, says) => {
    const { code, stdout, stderr } = await polytask([...TASKS, ...args, '--out', 'refused', '--json'], {
      cwd: folder,
    });
    expect(code).toBe(2);
    expect(lastLine(stdout)).toMatchObject({ error: { code: 'encoder-invalid' } });
    expect(`${stdout}${stderr}`.replaceAll('\\"', '"')).toMatch(says);
    expect(existsSync(join(folder, 'refused'))).toBe(false);
  });
});
