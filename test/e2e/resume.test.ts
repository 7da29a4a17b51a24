import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lastLine, polytask } from '../support/run-cli.ts';
import { sampleRows, toCsv } from '../support/sample.ts';
import { fitAnswer } from './fit-answer.ts';

/** Long enough to be stopped in the middle, and bit-identical on one thread. */
const LONG = [
  '--epochs',
  '400',
  '--set',
  'training.patience=250',
  '--seeds',
  '2',
  '--no-baseline',
  '--threads',
  '1',
];
const FIT = ['fit', 'rows.csv', '--task', 'flag', '--task', 'amount', ...LONG];
/** Each task alone is trained first, and what it reaches goes into the other training. */
const EXCESS = [...FIT, '--objective', 'excess:eta=0.1'];

let folder: string;
let whole: Promise<unknown>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'polytask-resume-'));
  writeFileSync(join(folder, 'rows.csv'), toCsv(sampleRows(400)));
  whole = undisturbed(FIT, 'whole');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function undisturbed(args: readonly string[], out: string): Promise<unknown> {
  return metricsOf((await polytask([...args, '--out', out, '--json'], { cwd: folder })).stdout);
}

function metricsOf(stdout: string): unknown {
  const { tasks } = fitAnswer.parse(lastLine(stdout));
  return Object.entries(tasks).map(([name, { multi }]) => [name, multi]);
}

function baselinesIn(out: string): unknown {
  const { multi } = JSON.parse(readFileSync(join(folder, out, 'result.json'), 'utf8'));
  expect(multi.baselines).toHaveLength(2);
  return multi.baselines;
}

/** Sends a signal once the first checkpoint of a model is there. */
function interruptAt(
  out: string,
  signal: NodeJS.Signals,
  model: string = 'shared-bottom',
): (child: ChildProcess) => void {
  return (child) => {
    const timer = setInterval(() => {
      if (!existsSync(join(folder, out, 'checkpoints', `${model}.ckpt`))) return;
      clearInterval(timer);
      child.kill(signal);
    }, 10);
    child.on('close', () => clearInterval(timer));
  };
}

describe.concurrent('a run that was interrupted', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s says how to go on, and ends as if nothing had been',
    async (signal) => {
      const out = `stopped-${signal}`;
      const stopped = await polytask([...FIT, '--out', out, '--json'], {
        cwd: folder,
        onStart: interruptAt(out, signal),
      });
      expect(stopped.code).toBe(130);
      expect(stopped.stderr).toContain(`polytask resume ${join(folder, out)}`);
      expect(stopped.stderr).not.toMatch(/\n\s+at /);
      expect(lastLine(stopped.stdout)).toMatchObject({
        error: { code: 'cancelled', run: join(folder, out) },
      });
      expect(existsSync(join(folder, out, 'result.json'))).toBe(false);
      const resumed = await polytask(['resume', out, '--json'], { cwd: folder });
      expect(resumed.code).toBe(0);
      expect(metricsOf(resumed.stdout)).toEqual(await whole);
    },
  );

  test('by kill -9 goes on from its last checkpoint', async () => {
    const killed = await polytask([...FIT, '--out', 'killed'], {
      cwd: folder,
      onStart: interruptAt('killed', 'SIGKILL'),
    });
    expect(killed.code).toBeNull();
    const resumed = await polytask(['resume', 'killed', '--json'], { cwd: folder });
    expect(resumed.code).toBe(0);
    expect(metricsOf(resumed.stdout)).toEqual(await whole);
  });

  test('and is finished answers again, at once', async () => {
    const expected = await whole;
    const again = await polytask(['resume', 'whole', '--json'], { cwd: folder });
    expect(metricsOf(again.stdout)).toEqual(expected);
  });
});

describe('a run whose objective weighs by what each task alone reaches', () => {
  let expected: unknown;
  beforeAll(async () => {
    expected = await undisturbed(EXCESS, 'excess');
  });

  test.each(['independent', 'shared-bottom+excess'])(
    'ends as if nothing had been after a kill -9 while %s is trained',
    async (model) => {
      const out = `killed-${model}`;
      const onStart = interruptAt(out, 'SIGKILL', model);
      expect((await polytask([...EXCESS, '--out', out], { cwd: folder, onStart })).code).toBeNull();
      const resumed = await polytask(['resume', out, '--json'], { cwd: folder });
      expect(metricsOf(resumed.stdout)).toEqual(expected);
      expect(baselinesIn(out)).toEqual(baselinesIn('excess'));
    },
  );
});
