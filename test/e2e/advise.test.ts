import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AdviceAnswer } from '../../src/cli/advice.ts';
import { builtCli } from '../support/built-cli.ts';
import { FAMILIES } from '../support/known-problems.ts';
import { lastLine, polytask } from '../support/run-cli.ts';
import { toCsv } from '../support/sample.ts';
import { fitAnswer } from './fit-answer.ts';
import { succeed } from './wide.ts';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'polytask-advise-'));
  writeFileSync(join(folder, 'some rows.csv'), toCsv(FAMILIES.contrary!(50).input.data as never));
  const settings = ['activation=tanh', 'dropout=0'].flatMap((setting) => ['--set', `model.${setting}`]);
  await succeed(
    folder,
    ...['fit', 'some rows.csv', '--task', 'a:regression', '--task', 'b:regression', '--out', 'run'],
    ...['--sharing', 'shared-bottom:heads=shared', '--hidden', '8', ...settings, '--seeds', '3'],
    ...['--batch-size', '32', '--epochs', '40', '--affinity', 'first-order:every=5', '--threads', '1'],
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('advice as words and as JSON, and its first command line makes the harm go away', async () => {
  const { stdout } = await succeed(folder, 'advise', 'run', '--no-probe');
  expect(stdout).toContain('Keep these apart.');
  expect(stdout).toMatch(
    /\nInterference: a, b\n {2}The gradients of a and b pull apart in every shared layer/,
  );
  expect(stdout).toContain('Not measured: too little capacity.');
  expect(stdout).toMatch(/\n {4}polytask fit 'some rows.csv' --task a:regression --task b:regression /);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what may not be there.
  expect(stdout).toMatch(/^[\x0a\x20-\x7e]*$/);

  const { answer } = await succeed(folder, 'advise', 'run', '--json', '--quiet');
  const { verdict, causes, next, unmeasured } = answer() as AdviceAnswer;
  expect(verdict).toBe('separate');
  expect(causes.map(({ code }) => code)).toContain('interference');
  expect(unmeasured).toEqual([]);
  const own = next.find(({ cause }) => cause === 'interference')!;
  expect(own.settings).toEqual([{ path: 'model.sharing', value: 'shared-bottom' }]);
  expect(readFileSync(join(folder, 'run/report.html'), 'utf8')).toContain('<h2>Why</h2>');

  const script = `polytask() { '${process.execPath}' '${await builtCli()}' "$@"; }; ${own.commands[0]} --out next --json -q`;
  const followed = await promisify(execFile)('bash', ['-c', script], { cwd: folder });
  const before = JSON.parse(readFileSync(join(folder, 'run/result.json'), 'utf8'));
  expect(before.diagnosis.delta.high).toBeLessThan(-50);
  expect(fitAnswer.parse(lastLine(followed.stdout)).delta.mean).toBeGreaterThan(-10);
});

test('what is no finished run', async () => {
  const { code, stdout } = await polytask(['advise', 'nowhere', '--json'], { cwd: folder });
  expect(code).toBe(2);
  expect(lastLine(stdout)).toMatchObject({ error: { code: 'run-folder' } });
});
