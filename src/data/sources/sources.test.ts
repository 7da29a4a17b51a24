import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Table } from '../../common/table.ts';
import { cellAt } from '../columns.ts';
import { fingerprint } from '../fingerprint.ts';
import type { Warning } from '../warning.ts';
import { openSource } from './index.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'polytask-test-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const rowsOf = (table: Table): unknown[][] =>
  Array.from({ length: table.rows }, (_, i) =>
    [...table.columns.values()].map((column) => cellAt(column, i)),
  );
const typesOf = (table: Table): Record<string, string> =>
  Object.fromEntries([...table.columns.values()].map((column) => [column.name, column.type]));
const write = (name: string, content: string | Buffer): string => {
  writeFileSync(join(directory, name), content);
  return name;
};

describe('text files', () => {
  const expected = [
    [1, 'x'],
    [2.5, null],
  ];
  const cases: Record<string, [string, string | Buffer]> = {
    'plain csv': ['a.csv', 'a,b\n1,x\n2.5,\n'],
    'no last line end': ['b.csv', 'a,b\n1,x\n2.5,NA'],
    CRLF: ['c.csv', 'a,b\r\n1,x\r\n2.5,\r\n'],
    'CR alone': ['d.csv', 'a,b\r1,x\r2.5,\r'],
    'all line ends mixed': ['e.csv', 'a,b\r\n1,x\r2.5,\n'],
    'byte order mark': ['f.csv', '\ufeffa,b\n1,x\n2.5,\n'],
    'UTF-16 with a mark': ['g.csv', Buffer.from('\ufeffa,b\n1,x\n2.5,\n', 'utf16le')],
    gzip: ['h.csv.gz', gzipSync('a,b\n1,x\n2.5,\n')],
    tabs: ['i.tsv', 'a\tb\n1\tx\n2.5\t\n'],
    'semicolons, decimal commas': ['j.csv', 'a;b\n1,0;x\n2,5;\n'],
    'pipes in txt': ['k.txt', 'a|b\n1|x\n2.5|\n'],
    'spaces around cells': ['l.csv', 'a,b\n 1 , x \n2.5,  \n'],
    'blank lines': ['m.csv', 'a,b\n\n1,x\n\n2.5,\n\n'],
    quotes: ['n.csv', '"a","b"\n"1","x"\n"2.5",""\n'],
    ndjson: ['o.ndjson', '{"a":1,"b":"x"}\n{"a":2.5}\n'],
    json: ['p.json', '[{"a":1,"b":"x"},{"a":2.5,"b":null}]'],
    'jsonl gz': ['q.jsonl.gz', gzipSync('{"a":1,"b":"x"}\r\n{"a":2.5}\r\n')],
  };
  it.each(Object.entries(cases))('%s', async (_, [name, content]) => {
    expect(rowsOf(await openSource(write(name, content), { directory }))).toEqual(expected);
  });

  it('keeps line ends, delimiters and quotes inside quoted cells', async () => {
    const table = await openSource(write('quoted.csv', 'a,b\n"one\r\ntwo","x, ""y"""\nz,w\n'), { directory });
    expect(rowsOf(table)[0]).toEqual(['one\ntwo', 'x, "y"']);
  });

  it('takes stray quotes in tab-separated text as text', async () => {
    const table = await openSource(write('stray.tsv', 'a\tb\n"open\t1\n"whole ""cell"""\t2\nx\t3\n'), {
      directory,
    });
    expect(rowsOf(table)).toEqual([
      ['"open', 1],
      ['whole "cell"', 2],
      ['x', 3],
    ]);
  });

  it('finds types that hold for every row', async () => {
    const content = `n,code,day,us,flag,late,inf\n${'1,007,2020-01-02,12/31/2011,true,1,1\n'.repeat(5000)}2,123,2021-01-02,1/2/2011,false,late,inf\n`;
    const table = await openSource(write('types.csv', content), { directory });
    expect(typesOf(table)).toEqual({
      n: 'number',
      code: 'string',
      day: 'date',
      us: 'date',
      flag: 'string',
      late: 'string',
      inf: 'number',
    });
    expect(rowsOf(table)[5000]?.slice(2, 4)).toEqual([
      '2021-01-02T00:00:00.000Z',
      '2011-01-02T00:00:00.000Z',
    ]);
    expect(table.columns.get('inf')).toMatchObject({ integer: false });
    expect(table.columns.get('n')).toMatchObject({ integer: true });
  });

  it('obeys types, missing, limit and header', async () => {
    const file = write('options.csv', 'a,b\n1,-200\n0,?\n1,5\n');
    const table = await openSource(file, {
      directory,
      types: { a: 'boolean' },
      missing: [-200, '?'],
      limit: 2,
    });
    expect(rowsOf(table)).toEqual([
      [true, null],
      [false, null],
    ]);
    const named = await openSource(write('named.csv', 'x,1\ny,2\n'), { directory, header: ['word', 'n'] });
    expect(rowsOf(named)).toEqual([
      ['x', 1],
      ['y', 2],
    ]);
  });

  it('warns of a guessed encoding, an absent header and values that do not fit', async () => {
    const warnings: Warning[] = [];
    const options = { directory, warn: (warning: Warning) => warnings.push(warning) };
    const latin = await openSource(write('latin.csv', Buffer.from('a,b\ncafé,1\n', 'latin1')), options);
    expect(rowsOf(latin)).toEqual([['café', 1]]);
    await openSource(write('bare.csv', 'x,1\ny,2\n'), options);
    await openSource(write('lost.csv', 'a,b\n1,2\nx,3\n'), { ...options, types: { a: 'number' } });
    expect(warnings.map(({ code }) => code)).toEqual([
      'encoding-guessed',
      'header-absent',
      'values-unreadable',
    ]);
  });

  it('takes any column name', async () => {
    const header = `rowid,"it's ""odd""",select,é,"a\nb"`;
    const table = await openSource(write('names.csv', `${header}\nx,1,2,3,4\ny,5,6,7,8\n`), { directory });
    expect([...table.columns.keys()]).toEqual(['rowid', `it's "odd"`, 'select', 'é', 'a\nb']);
    expect(rowsOf(table)[1]).toEqual(['y', 5, 6, 7, 8]);
  });

  it('reads lines of plain text', async () => {
    const table = await openSource(write('lines.txt', 'hello, you\nno comma\na, b, c\n'), { directory });
    expect(rowsOf(table)).toEqual([['hello, you'], ['no comma'], ['a, b, c']]);
  });
});

describe('several files', () => {
  it('joins files with equal columns, as strings where types differ', async () => {
    write('one.csv', 'a,b\n1,2\n');
    write('two.csv', 'b,a\n3,x\n');
    expect(rowsOf(await openSource(['one.csv', 'two.csv'], { directory }))).toEqual([
      ['1', 2],
      ['x', 3],
    ]);
  });

  it('makes one long table of a source a task', async () => {
    const table = await openSource(
      { perTask: { p: [{ x: 1, y: 0 }], q: [{ x: 2, y: 1, only: 'here' }] }, optional: ['only'] },
      { directory },
    );
    expect(rowsOf(table)).toEqual([
      [1, 0, null, 'p'],
      [2, 1, 'here', 'q'],
    ]);
  });
});

describe('DuckDB', () => {
  it('reads Parquet, queries and databases, with the types of DuckDB', async () => {
    const instance = await DuckDBInstance.create(join(directory, 'store.db'));
    const connection = await instance.connect();
    await connection.run(`CREATE TABLE t AS SELECT 5::HUGEINT AS h, 1.25::DECIMAL(9,2) AS d, true AS f, DATE '2020-01-02' AS day,
      'x' AS s, ['p','q'] AS labels, {'k': 1} AS nested UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL`);
    await connection.run('CREATE TABLE other AS SELECT 1 AS one');
    await connection.run(`COPY t TO '${join(directory, 't.parquet')}'`);
    connection.closeSync();
    instance.closeSync();
    const expected = [
      [5, 1.25, true, '2020-01-02T00:00:00.000Z', 'x', 'p|q', '{"k":1}'],
      [null, null, null, null, null, null, null],
    ];
    const database = await openSource({ database: 'store.db', table: 't' }, { directory });
    expect(rowsOf(database)).toEqual(expected);
    expect(rowsOf(await openSource('t.parquet', { directory }))).toEqual(expected);
    expect(fingerprint(await openSource({ sql: "SELECT * FROM 't.parquet';" }, { directory }))).toBe(
      fingerprint(database),
    );
    expect(
      rowsOf(
        await openSource({ database: 'store.db', sql: 'SELECT one + 1 AS two FROM other' }, { directory }),
      ),
    ).toEqual([[2]]);
  });
});

describe('memory', () => {
  it('reads objects and typed arrays', async () => {
    const rows = await openSource([
      { a: 1, t: new Date(0), l: ['p', 'q'] },
      { a: 2n, b: true, o: { k: 1 } },
    ]);
    expect(rowsOf(rows)).toEqual([
      [1, '1970-01-01T00:00:00.000Z', 'p|q', null, null],
      [2, null, null, true, '{"k":1}'],
    ]);
    const columns = await openSource({ sql: Float32Array.of(1, Number.NaN), b: ['x', null] });
    expect(rowsOf(columns)).toEqual([
      [1, 'x'],
      [null, null],
    ]);
    expect(await openSource(columns)).toBe(columns);
  });

  it('tells an empty list from a missing one, in memory and in files', async () => {
    const expected = [['p|q'], [''], [null]];
    const rows = [{ l: ['p', 'q'] }, { l: [] }, { l: null }];
    expect(rowsOf(await openSource(rows))).toEqual(expected);
    expect(rowsOf(await openSource(write('lists.json', JSON.stringify(rows)), { directory }))).toEqual(
      expected,
    );
  });

  it('has a fingerprint of content, not of origin', async () => {
    const a = await openSource([
      { a: 1, b: 'x' },
      { a: 2, b: null },
    ]);
    const b = await openSource(write('print.csv', 'a,b\n1,x\n2,\n'), { directory });
    expect(fingerprint(a)).toBe(fingerprint(b));
    expect(fingerprint(a)).toMatch(/^[0-9a-f]{32}$/);
    expect(
      fingerprint(
        await openSource([
          { a: 1, b: 'x' },
          { a: 3, b: null },
        ]),
      ),
    ).not.toBe(fingerprint(a));
  });
});

it('a query that does not order its rows gives them in the same order each time', async () => {
  const sql = `SELECT *, row_number() OVER (PARTITION BY part ORDER BY hash(i)) AS turn
    FROM (SELECT i, i % 29 AS part FROM range(60000) AS numbers(i))`;
  const prints = new Set<string>();
  for (let k = 0; k < 5; k++) prints.add(fingerprint(await openSource({ sql })));
  expect(prints.size).toBe(1);
});
