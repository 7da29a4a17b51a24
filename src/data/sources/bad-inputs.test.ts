import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PolytaskError } from '../../common/error.ts';
import type { ErrorCode } from '../../common/error-codes.ts';
import { openSource, streamSource } from './index.ts';
import type { SourceOptions, SourceSpec } from './spec.ts';

let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'polytask-bad-'));
  const files: Record<string, string | Buffer> = {
    'empty.csv': '',
    'blank.csv': '\n \n',
    'header.csv': 'a,b\n',
    'duplicate.csv': 'a,b,a\n1,2,3\n',
    'case.csv': 'Age,age\n1,2\n',
    'short.csv': 'a,b\n1,2\n3\n',
    'long.csv': 'a,b\n1,2\n3,4,5\n',
    'quote.csv': 'a,b\n"x,2\ny,3\n',
    'nul.csv': 'a,b\n1,\0\n',
    'nul-returns.csv': 'a,b\r\n1,\0\r\n',
    'binary.csv': Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7919) % 251)),
    'latin.csv': Buffer.from('a\ncafé\n', 'latin1'),
    'rows.xlsx': 'PK',
    'cut.csv.gz': gzipSync('a,b\n1,2\n'.repeat(1000)).subarray(0, 40),
    'fake.csv.gz': 'a,b\n1,2\n',
    'fake.parquet': 'a,b\n1,2\n',
    'broken.parquet': `PAR1${'x'.repeat(40)}PAR1`,
    'empty.parquet': '',
    'cut.json': '[{"a":1},{"a":',
    'broken.ndjson': '{"a":1}\n{"a":2\n{"a":3}\n',
    'scalar.json': '5',
    'none.json': '[]',
    'garbage.db': 'garbage',
    'x.csv': 'a,b\n1,2\n',
    'y.csv': 'a,c\n1,2\n',
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
  mkdirSync(join(directory, 'folder.csv'));
  const instance = await DuckDBInstance.create(join(directory, 'good.db'));
  const connection = await instance.connect();
  await connection.run('CREATE TABLE people AS SELECT 1 AS a');
  await connection.run('CREATE TABLE places AS SELECT 1 AS a');
  connection.closeSync();
  instance.closeSync();
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** What is wrong → [source, code, words of the message, options]. */
const CASES: Record<string, [unknown, ErrorCode, RegExp, SourceOptions?]> = {
  'no such file': ['heador.csv', 'source-not-found', /Did you mean "header.csv"\?/],
  'no such folder': ['nowhere/a.csv', 'source-not-found', /no folder/],
  'a directory': ['folder.csv', 'source-unreadable', /a directory/],
  'an unknown ending': ['rows.xlsx', 'source-format', /\.parquet/],
  'an empty file': ['empty.csv', 'source-empty', /an empty file/],
  'only blanks': ['blank.csv', 'source-empty', /an empty file/],
  'only a header': ['header.csv', 'source-empty', /2 columns and no rows/],
  'a name twice in the header': ['duplicate.csv', 'header-duplicate', /"a" twice/],
  'names that differ in case alone': ['case.csv', 'header-duplicate', /"Age" and "age"/],
  'a row too short': ['short.csv', 'source-ragged', /short\.csv:3[\s\S]*2 cells/],
  'a row too long': ['long.csv', 'source-ragged', /long\.csv:3/],
  'a quote without end': ['quote.csv', 'source-ragged', /quotation mark/],
  'NUL bytes': ['nul.csv', 'source-corrupt', /NUL byte/],
  'NUL bytes between other line ends': ['nul-returns.csv', 'source-corrupt', /NUL byte/],
  'binary garbage': ['binary.csv', 'source-corrupt', /text/],
  'an unknown encoding': ['x.csv', 'source-encoding', /utf-9/, { encoding: 'utf-9' }],
  'a wrong encoding': ['latin.csv', 'source-encoding', /text in utf-8/, { encoding: 'utf-8' }],
  'gzip cut short': ['cut.csv.gz', 'source-corrupt', /gzip/],
  'no gzip at all': ['fake.csv.gz', 'source-corrupt', /gzip/],
  'no Parquet at all': ['fake.parquet', 'source-corrupt', /PAR1/],
  'damaged Parquet': ['broken.parquet', 'source-corrupt', /Footer/],
  'empty Parquet': ['empty.parquet', 'source-corrupt', /an empty file/],
  'JSON cut short': ['cut.json', 'source-corrupt', /unexpected end/],
  'a broken line of NDJSON': ['broken.ndjson', 'source-corrupt', /line 3/],
  'JSON that is no table': ['scalar.json', 'source-corrupt', /array of objects/],
  'JSON without rows': ['none.json', 'source-empty', /empty/],
  'no database at all': [{ database: 'garbage.db' }, 'source-corrupt', /DuckDB database/],
  'no such database': [{ database: 'goood.db' }, 'source-not-found', /Did you mean "good.db"/],
  'no such table': [{ database: 'good.db', table: 'peopel' }, 'table-unknown', /Did you mean "people"\?/],
  'several tables and none named': [{ database: 'good.db' }, 'table-unknown', /people, places/],
  'SQL that does not parse': [{ sql: 'SELEC 1' }, 'sql-invalid', /syntax error/],
  'SQL over an unknown table': [{ sql: 'SELECT * FROM nothing' }, 'sql-invalid', /nothing/],
  'SQL over a missing file': [{ sql: "SELECT * FROM 'gone.csv'" }, 'sql-invalid', /gone\.csv/],
  'SQL that writes': [{ sql: "COPY (SELECT 1) TO 'out.csv'" }, 'sql-invalid', /SELECT/],
  'SQL that is empty': [{ sql: ' ; ' }, 'sql-invalid', /nothing/],
  'SQL without rows': [{ sql: 'SELECT 1 AS a WHERE false' }, 'source-empty', /no rows/],
  'files with other columns': [['x.csv', 'y.csv'], 'source-columns', /Is "c" the same column/],
  'tasks with other columns': [{ perTask: { p: 'x.csv', q: 'y.csv' } }, 'source-columns', /perTask\.q/],
  'no tasks': [{ perTask: {} }, 'source-invalid', /at least one task/],
  'no rows': [[], 'source-empty', /one row|column/],
  'rows that are no objects': [[1, 2], 'source-invalid', /rows\[0\]/],
  'columns of other lengths': [{ a: [1], b: [1, 2] }, 'source-invalid', /1 values, as in "a"/],
  'no source at all': [5, 'source-invalid', /number/],
  'an object that means nothing': [{ fil: 'x.csv' }, 'source-invalid', /an object with fil/],
  'a type of a column that is not there': [
    'x.csv',
    'column-unknown',
    /types\.aa[\s\S]*"a"/,
    { types: { aa: 'number' } },
  ],
  'a type that does not exist': [
    'x.csv',
    'source-invalid',
    /Did you mean "number"/,
    { types: { a: 'nummer' as 'number' } },
  ],
  'a limit of zero': ['x.csv', 'source-invalid', /limit/, { limit: 0 }],
  'a setting that does not exist': [
    { file: 'x.csv', mising: [1] },
    'source-invalid',
    /Did you mean "missing"/,
  ],
  'an empty task source': [{ perTask: { p: 'x.csv', q: 'empty.csv' } }, 'source-empty', /empty\.csv/],
  'too few names': ['x.csv', 'source-columns', /2 column names/, { header: ['one'] }],
};

describe('bad inputs end in a clear error', () => {
  it.each(Object.entries(CASES))('%s', async (_, [spec, code, words, options]) => {
    const given = { directory, ...options };
    for (const open of [
      () => openSource(spec as SourceSpec, given),
      // In chunks, with texts in memory and in pieces.
      () => streamSource(spec as SourceSpec, given),
      () => streamSource(spec as SourceSpec, { ...given, piecewiseFrom: -1 }),
    ]) {
      const error = await open().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(PolytaskError);
      expect((error as PolytaskError).message).toMatch(words);
      expect((error as PolytaskError).code).toBe(code);
      expect((error as PolytaskError).help.length).toBeGreaterThan(10);
    }
  });

  it('no right to read', async () => {
    writeFileSync(join(directory, 'secret.csv'), 'a\n1\n');
    chmodSync(join(directory, 'secret.csv'), 0);
    chmodSync(directory, 0o755);
    // The superuser may read anything, so the test steps down for a moment.
    const superuser = process.geteuid?.() === 0;
    if (superuser) process.seteuid?.('nobody');
    try {
      await expect(openSource('secret.csv', { directory })).rejects.toMatchObject({
        code: 'source-unreadable',
      });
    } finally {
      if (superuser) process.seteuid?.(0);
    }
  });
});
