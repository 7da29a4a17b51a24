import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSource } from '../../src/index.ts';
import { sampleRows, toCsv } from '../support/sample.ts';
import { fitAnswer } from './fit-answer.ts';
import { FIT_WIDE, type Succeeded, succeed, WIDE } from './wide.ts';

let folder: string;
const rows = sampleRows(200);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'polytask-fit-'));
  writeFileSync(join(folder, 'rows.csv'), toCsv(rows));
  writeFileSync(join(folder, 'test.csv'), toCsv(rows.filter(({ side }) => side === 'test')));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const good = (...args: readonly string[]): Promise<Succeeded> => succeed(folder, ...args);

describe('a trained model', () => {
  test('evaluates to what the run found on the test rows', async () => {
    const run = await good(
      ...FIT_WIDE,
      '--epochs',
      '3',
      '--seeds',
      '1',
      '--no-baseline',
      '--out',
      'judged',
      '--json',
    );
    const found = fitAnswer.parse(run.answer());
    const { answer } = await good('evaluate', 'judged/model', 'test.csv', '--json');
    const { tasks } = answer() as {
      tasks: Record<string, { metric: string; value: number; labelled: number }>;
    };
    for (const [name, { metric, multi, labelled }] of Object.entries(found.tasks)) {
      expect(tasks[name]).toMatchObject({ metric, labelled: labelled.test });
      expect(tasks[name]!.value).toBeCloseTo(multi!, 5);
    }
    const { stdout } = await good('describe', 'judged/model');
    expect(stdout).toMatch(/flag: binary/);
  });

  test('tells what it is made of, in words, as JSON and as a drawing', async () => {
    await good(...FIT_WIDE, '--epochs', '1', '--seeds', '1', '--no-baseline', '--out', 'made');
    const { stdout } = await good('describe', 'made/model');
    expect(stdout).toMatch(
      /Shared bottom: .*\n {2}split: all\n[\s\S]*parameters [\d,]+\n {2}shared +[\d,]+ +\d/,
    );
    const { answer } = await good('describe', 'made/model', '--svg', 'made.svg', '--json');
    const { architecture } = answer() as { architecture: { parameters: { total: number }; flops: number } };
    expect(architecture.parameters.total).toBeGreaterThan(0);
    expect(architecture.flops).toBeGreaterThan(0);
    expect(readFileSync(join(folder, 'made.svg'), 'utf8')).toContain('shared trunk');
  });

  test('predicts into every format alike', async () => {
    await good(
      'fit',
      'rows.csv',
      ...WIDE,
      '--epochs',
      '1',
      '--seeds',
      '1',
      '--no-baseline',
      '--out',
      'formats',
    );
    const csv = await good('predict', 'formats/model', 'test.csv', '--keep', 'x,flag');
    expect(csv.stdout.split('\n')[0]).toMatch(/^x,flag\.actual,flag,flag\.probability,/);
    writeFileSync(join(folder, 'stdout.csv'), csv.stdout);
    const types = { flag: 'string', 'flag.actual': 'string', tags: 'string' } as const;
    const reference = await openSource(join(folder, 'stdout.csv'), { types });
    expect(reference.rows).toBe(40);
    for (const name of ['p.csv', 'p.tsv', 'p.json', 'p.ndjson', 'p.parquet']) {
      const { answer } = await good(
        'predict',
        'formats/model',
        'test.csv',
        '--keep',
        'x,flag',
        '--out',
        name,
        '--json',
      );
      expect(answer()).toMatchObject({ rows: 40, out: name });
      const table = await openSource(join(folder, name), { types });
      expect([...table.columns.keys()]).toEqual([...reference.columns.keys()]);
      for (const [column, { type }] of reference.columns) {
        if (type !== 'number') continue;
        const own = table.columns.get(column) as { values: Float64Array };
        const expected = reference.columns.get(column) as { values: Float64Array };
        own.values.forEach((value, row) => {
          expect(value).toBeCloseTo(expected.values[row]!, 6);
        });
      }
    }
  });
});
