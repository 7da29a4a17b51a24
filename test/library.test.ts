import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest';
import { binary, count, type Fitted, fit, multiclass, ordinal, regression } from '../src/index.ts';
import { builtCli } from './support/built-cli.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

describe('types follow the tasks', () => {
  const tasks = {
    income: binary(),
    hours: regression(),
    grade: ordinal({ classes: ['low', 'high'] }),
    trade: multiclass(),
    visits: count(),
  };
  type Model = Fitted<typeof tasks>['model'];
  type Prediction = Awaited<ReturnType<Model['predict']>>;

  test('a prediction has the fields of its kinds, and no others', () => {
    expectTypeOf(fit<typeof tasks>).returns.resolves.toEqualTypeOf<Fitted<typeof tasks>>();
    const check = (prediction: Prediction): void => {
      expectTypeOf(prediction[0]!.income.probability).toBeNumber();
      expectTypeOf(prediction[0]!.hours.value).toBeNumber();
      expectTypeOf(prediction[0]!.grade.label).toEqualTypeOf<'low' | 'high'>();
      expectTypeOf(prediction[0]!.visits.rate).toBeNumber();
      // @ts-expect-error a misspelt task does not compile
      void prediction[0]!.incom;
      // @ts-expect-error nor does a field of another kind
      void prediction[0]!.hours.probability;
    };
    expect(check).toBeTypeOf('function');
  });
});

describe('the examples, as a user runs them', () => {
  let folder: string;
  beforeAll(async () => {
    await builtCli();
    folder = mkdtempSync(join(tmpdir(), 'polytask-examples-'));
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules/polytask'));
    cpSync(join(root, 'examples'), folder, { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Node 20 runs no TypeScript: the types are taken off first. */
  const run = async (name: string): Promise<string> => {
    const text = ts.sys.readFile(join(folder, `${name}.ts`))!;
    ts.sys.writeFile(
      join(folder, `${name}.mjs`),
      ts.transpile(text, { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 }),
    );
    const { stdout } = await promisify(execFile)(process.execPath, [`${name}.mjs`], {
      cwd: folder,
      timeout: 60_000,
    });
    return stdout;
  };
  const lines = (name: string): number =>
    ts.sys
      .readFile(join(folder, `${name}.ts`))!
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.startsWith('//')).length;

  test('two tasks from rows: a verdict in words and typed predictions', async () => {
    const [words, numbers] = (await run('two-tasks')).trim().split('\n');
    expect(words).toMatch(/\.$/);
    const [probability, wage] = numbers!.split(' ').map(Number);
    expect(probability).toBeGreaterThanOrEqual(0);
    expect(probability).toBeLessThanOrEqual(1);
    // The wage of such a nurse in the rows is near 27 500 plus at most 10 000 of noise.
    expect(wage).toBeGreaterThan(24_000);
    expect(wage).toBeLessThan(42_000);
  });

  test('a loop of one’s own takes at most twenty lines and learns', async () => {
    expect(lines('custom-loop')).toBeLessThanOrEqual(20);
    const losses = (await run('custom-loop'))
      .trim()
      .split('\n')
      .map((line) => Number(line.split(' ')[1]));
    // Predicting zero costs the variance of the inputs, 1/8.
    expect(losses[0]).toBeLessThan(0.01);
    expect(losses.at(-1)).toBeLessThan(0.5 * losses[0]!);
  });
});
