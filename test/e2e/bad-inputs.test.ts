import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lastLine, polytask } from '../support/run-cli.ts';
import type { BadInput } from './bad-inputs/case.ts';
import { COLUMNS } from './bad-inputs/columns.ts';
import { CONFIGS, writeConfigs } from './bad-inputs/configs.ts';
import { FILES } from './bad-inputs/files.ts';
import { writeFixtures } from './bad-inputs/fixtures.ts';
import { RUNS } from './bad-inputs/runs.ts';
import { TRANSFER } from './bad-inputs/transfer.ts';
import { VALUES } from './bad-inputs/values.ts';

const ROOMS: Readonly<Record<string, readonly BadInput[]>> = {
  files: FILES,
  columns: COLUMNS,
  configs: CONFIGS,
  values: VALUES,
  runs: RUNS,
  transfer: TRANSFER,
};

let folder: string;
beforeAll(async () => {
  folder = await writeFixtures();
  writeConfigs(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.concurrent.each(Object.entries(ROOMS))('%s', (room, cases) => {
  test.each(cases.map((one, i) => [one.name, one, `out-${room}-${i}`] as const))(
    '%s',
    async (_, bad, out) => {
      const args = bad.args.map((arg) => arg.replace(/^OUT/, out));
      const { code, stdout, stderr } = await polytask([...args, '--json'], {
        cwd: folder,
        ...(bad.before !== undefined && { before: bad.before }),
        ...(bad.stdout !== undefined && { stdout: bad.stdout }),
      });
      expect(stderr).toMatch(new RegExp(`^${bad.code}( at .*)?\n {2}expected: `, 'm'));
      expect(stderr).toMatch(/^ {2}help: {5}\S/m);
      expect(stderr).not.toMatch(/\n\s+at /);
      if (bad.says !== undefined) expect(stderr).toMatch(bad.says);
      expect(code).toBe(2);
      if (bad.stdout === undefined) expect(lastLine(stdout)).toMatchObject({ error: { code: bad.code } });
      const written = args.find((arg) => arg.startsWith(out));
      if (written === undefined) return;
      const path = join(folder, written);
      // Only a disk that fills up leaves a run, which can be resumed: nothing else may have made the folder.
      if (bad.before === undefined) expect(existsSync(path)).toBe(false);
      for (const part of ['result.json', 'model', 'report.html'])
        expect(existsSync(join(path, part))).toBe(false);
    },
  );
});
