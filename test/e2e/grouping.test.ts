import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AffinityResult, GroupResult } from '../../src/index.ts';
import { polytask } from '../support/run-cli.ts';
import { sampleRows, toCsv } from '../support/sample.ts';
import { succeed } from './wide.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'polytask-grouping-'));
  writeFileSync(join(folder, 'rows.csv'), toCsv(sampleRows(300)));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TASKS = [
  '--task',
  'flag',
  '--task',
  'amount',
  '--task',
  'visits',
  '--split',
  'side',
  '--epochs',
  '4',
  '--seeds',
  '1',
];

describe('affinity and group', () => {
  let measured: AffinityResult;
  beforeAll(async () => {
    const told = await succeed(folder, 'affinity', 'rows.csv', ...TASKS, '--out', 'run', '--json');
    measured = told.answer() as AffinityResult;
  });

  test('one training tells what each task gains from each other', () => {
    expect(measured.tasks).toHaveLength(3);
    expect(measured.affinity).toMatchObject({ kind: 'look-ahead', values: { rows: 'target' } });
    expect(measured.groupings[0]!.most).toBe('any');
    expect(existsSync(join(folder, 'run/report.html'))).toBe(true);
  });

  test('a finished run is read, in words as well', async () => {
    const again = await succeed(folder, 'affinity', 'run', '--json');
    expect(again.answer()).toEqual(measured);
    const { stdout } = await succeed(folder, 'affinity', 'run');
    expect(stdout).toContain('As many groups as gain');
    expect(stdout).toContain('polytask group');
  });

  test('groups are proposed, and trained where that is asked for', async () => {
    const told = await succeed(folder, 'group', 'run', '--most', '2', '--verify', '--json');
    const { groupings, verification } = told.answer() as GroupResult;
    expect(groupings).toHaveLength(1);
    expect(verification!.groups[0]!.tasks).toHaveLength(3);
    const { stdout } = await succeed(folder, 'group', 'run', '--most', '2', '--verify');
    expect(stdout).toMatch(/Best (is|are) /);
  });

  test.each([
    [['group', 'nothing'], 'run-folder at '],
    [['group', 'run', '--most', '0'], 'grouping-invalid at --most'],
    [['affinity', 'rows.csv', ...TASKS, '--affinity', 'tag'], 'affinity-invalid at --affinity'],
  ])('%j is refused in words', async (args, words) => {
    const { code, stderr } = await polytask(args, { cwd: folder });
    expect(code).not.toBe(0);
    expect(stderr).toContain(words);
    expect(stderr).not.toContain('    at ');
  });
});
