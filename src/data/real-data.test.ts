import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Table } from '../common/table.ts';
import {
  type ColumnPlan,
  EncoderSet,
  fitEncoders,
  inspectData,
  type PlanOptions,
  planColumns,
  type SourceOptions,
  splitRows,
  takeRows,
  type Warning,
} from './index.ts';
import { openSource } from './sources/index.ts';

const folder = '../shared/data';

async function load(
  file: string,
  tasks: string[],
  options: SourceOptions = {},
  rest: Partial<PlanOptions> = {},
): Promise<{ table: Table; plans: ColumnPlan[]; plan: (name: string) => ColumnPlan | undefined }> {
  const table = await openSource(`${folder}/${file}`, options);
  const plans = planColumns(table, { tasks, ...rest });
  return { table, plans, plan: (name) => plans.find((one) => one.name === name) };
}

describe.skipIf(!existsSync(folder))('real files (skipped where ../shared/data is missing)', () => {
  it('census-income: wide, many categories', async () => {
    const { table, plans } = await load('census-income/census-income.csv.gz', [
      'income_over_50k',
      'never_married',
    ]);
    expect([table.rows, table.columns.size]).toEqual([99_762, 41]);
    const split = splitRows(table, { ratio: '0.6/0.2/0.2', stratify: 'income_over_50k' }, 1);
    const encoders = fitEncoders(table, plans, split.train);
    const features = encoders.encode(table);
    expect(features.numeric.data.every(Number.isFinite)).toBe(true);
    expect(features.categorical.names).toContain('industry_code');
    const first = encoders.encodeRows([{ age: 38, class_of_worker: 'Private', education: 'PhD' }]);
    expect(first.warnings.find(({ code }) => code === 'category-unseen')?.column).toBe('education');
    expect(first.features.numeric.data[0]).toBe(features.numeric.data[0]);
  }, 20_000);

  it('loans: leaks are called out', async () => {
    const { table, plans, plan } = await load('loans/loans.csv.gz', ['interest_rate', 'grade', 'term']);
    expect(plan('rownames')?.role).toBe('excluded');
    expect(plan('issue_month')?.encoder?.kind).toBe('date');
    expect(plan('num_accounts_120d_past_due')?.role).toBe('input');
    const split = splitRows(table, '0.6/0.2/0.2', 1);
    const tasks = ['interest_rate', 'grade', 'term'].map((name) => ({ name, columns: [name] }));
    const warnings = inspectData(table, plans, split, tasks);
    const leaks = warnings.filter(({ code }) => code.startsWith('leak'));
    const told = (one: Warning): string => `${one.code} ${one.column} ${one.task}`;
    expect(leaks.map(told)).toEqual([
      'leak-numeric sub_grade interest_rate',
      expect.stringMatching(/^leak-combination (installment|loan_amount) interest_rate$/),
      'leak-class sub_grade grade',
    ]);
  }, 20_000);

  it('tox21: SMILES, ids and masks', async () => {
    const { table, plans, plan } = await load(
      'moleculenet/tox21.csv.gz',
      ['NR-AR', 'SR-p53'],
      {},
      { inputs: ['smiles', 'mol_id'] },
    );
    expect(plan('mol_id')?.note).toMatch(/an id/);
    const encoders = fitEncoders(table, plans, splitRows(table, '0.8/0.2', 1).train);
    expect(encoders.shape.text).toMatchObject([{ name: 'smiles', buckets: 16_384, length: 256 }]);
    const some = takeRows(
      table,
      Int32Array.from({ length: 50 }, (_, i) => i * 100),
    );
    const again = EncoderSet.fromJSON(JSON.parse(JSON.stringify(encoders)));
    expect(again.encode(some)).toEqual(encoders.encode(some));
  }, 20_000);

  it('air-quality: −200 is missing', async () => {
    const { table } = await load('air-quality/air-quality.csv.gz', ['CO(GT)'], { missing: [-200] });
    const column = table.columns.get('NMHC(GT)');
    expect(column?.type === 'number' && column.values.filter(Number.isNaN).length).toBe(8443);
  });

  it('sentiment-sentences: mixed line ends, ISO-8859-1, quotes that quote nothing', async () => {
    const warnings: Warning[] = [];
    const file = (name: string): { file: string; header: string[] } => ({
      file: `${folder}/sentiment-sentences/${name}_labelled.txt`,
      header: ['sentence', 'positive'],
    });
    const table = await openSource(
      { perTask: { amazon: file('amazon_cells'), imdb: file('imdb'), yelp: file('yelp') }, name: 'domain' },
      { warn: (warning) => warnings.push(warning) },
    );
    expect(table.rows).toBe(3000);
    expect([...table.columns.keys()]).toEqual(['sentence', 'positive', 'domain']);
    expect(warnings.map(({ code }) => code)).toEqual(['encoding-guessed']);
    const plans = planColumns(table, { tasks: ['positive'], by: 'domain' });
    expect(plans[0]?.encoder?.kind).toBe('text');
  });
});
