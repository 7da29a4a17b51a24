import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { FrontResult } from '../../src/index.ts';
import { lastLine, polytask } from '../support/run-cli.ts';
import { sampleRows, toCsv } from '../support/sample.ts';
import { succeed } from './wide.ts';

const spread = z.strictObject({ mean: z.number(), low: z.number(), high: z.number() });
const byTask = <V extends z.ZodType>(value: V) => z.record(z.string(), value);
const side = z.strictObject({
  metric: z.string(),
  higherIsBetter: z.boolean(),
  constant: z.number().nullable(),
  labelled: z.int(),
});

/** What `front --json` promises as its last line. */
const frontAnswer: z.ZodType<FrontResult> = z.strictObject({
  version: z.literal(1),
  polytask: z.string(),
  created: z.string(),
  run: z.string(),
  objective: z.string(),
  sharing: z.string(),
  seeds: z.array(z.int()),
  data: z.strictObject({
    source: z.string(),
    fingerprint: z.string(),
    rows: z.strictObject({ train: z.int(), validation: z.int(), test: z.int() }),
    split: z.string(),
    warnings: z.array(z.any()),
  }),
  tasks: z.array(z.strictObject({ name: z.string(), kind: z.string(), validation: side, test: side })),
  points: z.array(
    z.strictObject({
      preference: byTask(z.number()),
      front: z.boolean(),
      gain: byTask(z.number().nullable()),
      validation: byTask(spread.nullable()),
      test: byTask(spread.nullable()),
      steps: z.int(),
      trainSeconds: z.number(),
      model: z.string(),
      seed: z.int(),
    }),
  ),
  hypervolume: spread.exactOptional(),
  machine: z.strictObject({ runtime: z.string(), cores: z.int(), node: z.string() }),
  report: z.string(),
});

const FRONT = ['front', 'rows.csv', '--task', 'flag', '--task', 'amount', '--seeds', '2', '--threads', '1'];
/** Long enough to be stopped in the middle, and bit-identical on one thread. */
const LONG = [...FRONT, '--preferences', '3', '--epochs', '120', '--set', 'training.patience=100'];

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'polytask-front-'));
  writeFileSync(join(folder, 'rows.csv'), toCsv(sampleRows(400)));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the promised object, the folder that it speaks of, and a table for people', async () => {
  const little = ['--epochs', '2', '--out', 'little'];
  const { answer, stderr } = await succeed(folder, ...FRONT, ...little, '--json');
  const front = frontAnswer.parse(answer());
  expect(front.points.map(({ preference }) => preference.flag)).toEqual([0.95, 0.725, 0.5, 0.275, 0.05]);
  expect(front.objective).toBe('stch');
  expect(JSON.parse(readFileSync(join(folder, 'little', 'front.json'), 'utf8'))).toEqual(front);
  expect(readFileSync(front.report, 'utf8')).toMatch(/^<!doctype html>/i);
  expect(stderr).toMatch(/\[5\/5\] shared-bottom {2}5 : 95/);
  const again = await polytask(['resume', 'little'], { cwd: folder });
  expect(again.stdout).toMatch(/^model +preference +front +flag, auc/m);
  expect(again.stdout).toMatch(/^ +5 +5 : 95 +(yes|-) +0\.\d+/m);
  expect(again.stdout).toContain(join(folder, 'little', 'front.html'));
  const predicted = ['predict', join('little', 'models', '2'), 'rows.csv', '--out', 'predictions.csv'];
  await succeed(folder, ...predicted);
  expect(readFileSync(join(folder, 'predictions.csv'), 'utf8').split('\n').length).toBeGreaterThan(400);
});

/** Numbers that do not tell when they were made. */
function numbersOf(stdout: string): unknown {
  const { points, hypervolume } = frontAnswer.parse(lastLine(stdout));
  return { hypervolume, points: points.map(({ trainSeconds: _, model: __, ...rest }) => rest) };
}

describe('a front that was interrupted', () => {
  let whole: unknown;
  beforeAll(async () => {
    whole = numbersOf((await polytask([...LONG, '--out', 'whole', '--json'], { cwd: folder })).stdout);
  });

  test.each(['SIGKILL', 'SIGINT'] as const)(
    'by %s keeps its points and ends as if nothing had been',
    async (signal) => {
      const out = `stopped-${signal}`;
      const at = (name: string): string => join(folder, out, name);
      const stopped = await polytask([...LONG, '--out', out, '--json'], {
        cwd: folder,
        onStart: (child) => {
          const timer = setInterval(() => {
            if (!existsSync(at('checkpoints/2.ckpt'))) return;
            clearInterval(timer);
            child.kill(signal);
          }, 10);
          child.on('close', () => clearInterval(timer));
        },
      });
      expect(stopped.code).toBe(signal === 'SIGINT' ? 130 : null);
      if (signal === 'SIGINT') expect(stopped.stderr).toContain(`polytask resume ${join(folder, out)}`);
      expect(existsSync(at('front.json'))).toBe(false);
      const first = readFileSync(at('points/1.json'), 'utf8');
      const again = await polytask([...LONG, '--out', out, '--json'], { cwd: folder });
      expect(lastLine(again.stdout)).toMatchObject({
        error: { code: 'run-folder', help: expect.stringContaining('polytask resume') },
      });
      const resumed = await polytask(['resume', out, '--json'], { cwd: folder });
      expect(resumed.code).toBe(0);
      expect(resumed.stderr).not.toContain('[1/3]');
      expect(readFileSync(at('points/1.json'), 'utf8')).toBe(first);
      expect(numbersOf(resumed.stdout)).toEqual(whole);
    },
  );
});
