import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Table } from '../../common/table.ts';
import { cellAt } from '../columns.ts';
import { openSource, streamSource } from './index.ts';
import type { LoadOptions, SourceOptions, SourceSpec } from './spec.ts';

const outer = process.env.TMPDIR;
let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'polytask-stream-'));
  // What is left in the folder for temporary files can then be seen.
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'polytask-left-'));
});
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
  rmSync(process.env.TMPDIR!, { recursive: true, force: true });
  if (outer === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = outer;
});

function write(name: string, content: string | Buffer): string {
  writeFileSync(join(directory, name), content);
  return name;
}

interface Plain {
  readonly types: readonly (readonly [string, string])[];
  readonly rows: readonly unknown[][];
}

function plain(table: Table): Plain {
  const columns = [...table.columns.values()];
  return {
    types: columns.map(({ name, type }) => [name, type]),
    rows: Array.from({ length: table.rows }, (_, row) => columns.map((column) => cellAt(column, row))),
  };
}

/** All chunks one after the other; each but the last is full. */
async function streamed(spec: SourceSpec, options: LoadOptions, size: number): Promise<Plain> {
  const stream = await streamSource(spec, { directory, ...options });
  const chunks: Table[] = [];
  for await (const chunk of stream.chunks(size)) chunks.push(chunk);
  await stream.close();
  const sizes = chunks.map(({ rows }) => rows);
  expect(sizes.slice(0, -1).every((rows) => rows === size)).toBe(true);
  expect(sizes.reduce((sum, rows) => sum + rows, 0)).toBe(stream.rows);
  expect(readdirSync(process.env.TMPDIR!)).toEqual([]);
  return { types: [...stream.columns], rows: chunks.flatMap((chunk) => plain(chunk).rows) };
}

async function expectSame(spec: SourceSpec, options: SourceOptions = {}, size = 3): Promise<void> {
  const told: string[][] = [[], [], []];
  const warn = (i: number) => (warning: { message: string }) => void told[i]!.push(warning.message);
  const whole = plain(await openSource(spec, { directory, ...options, warn: warn(0) }));
  expect(await streamed(spec, { ...options, warn: warn(1) }, size)).toEqual(whole);
  // The way of large files.
  expect(await streamed(spec, { ...options, warn: warn(2), piecewiseFrom: -1 }, size)).toEqual(whole);
  expect(told).toEqual([told[0], told[0], told[0]]);
}

const LINES =
  'a,b,c\n1,x,2020-01-02\n2,"y, z",\n,NA,2021-02-03\n-200,"say ""so""",2022-03-04\n5, w ,2023-04-05\n';

describe('a text in pieces is what it is at once', () => {
  it.each<[string, string | Buffer, SourceOptions?]>([
    ['plain.csv', LINES],
    ['returns.csv', LINES.replaceAll('\n', '\r\n')],
    ['old-returns.csv', LINES.replaceAll('\n', '\r')],
    ['mark.csv', `\ufeff${LINES}`],
    ['packed.csv.gz', gzipSync(LINES)],
    ['sixteen.csv', Buffer.from(`\ufeff${LINES}é,x,\n`, 'utf16le')],
    ['latin.csv', Buffer.from(`${LINES}6,café,\n`, 'latin1')],
    ['said.csv', Buffer.from(`${LINES}6,café,\n`, 'latin1'), { encoding: 'iso-8859-2' }],
    ['missing.csv', LINES, { missing: [-200, 'x'] }],
    ['types.csv', LINES, { types: { a: 'string', b: 'number' } }],
    ['limit.csv', LINES, { limit: 2 }],
    ['names.csv', LINES, { header: ['p', 'q', 'r'] }],
    ['bare.csv', '1,2\n3,4\n'],
    ['decimal.csv', 'a;b\n1,5;x\n2,5;y\n'],
    ['stray.tsv', 'a\tb\n"x\t1\n"y"\t2\nz ""\t3\n\n"w ""v"""\t4'],
    ['held.tsv', 'a\tb\n"x\ty"\t1\nz\t2\n'],
    ['lines.txt', 'hello, you\nno comma\na, b, c\n'],
    ['rows.json', '[{"a":1,"b":["p","q"]},{"a":2,"b":[]},{"a":null,"c":{"k":1}}]'],
    ['rows.ndjson', '{"a":1}\n{"a":"x"}\n{"b":true}\n'],
    ['packed.ndjson.gz', gzipSync('{"a":1}\n{"a":2}\n')],
  ])('%s', async (name, content, options) => {
    await expectSame(write(name, content), options, 2);
  });

  it.each(['csv', 'tsv'])('where letters and line ends stand at the ends of pieces: %s', async (ending) => {
    const piece = 1 << 20;
    const quoted = ending === 'tsv' ? '"' : '';
    let text = `a\r\n${quoted}`;
    const fill = (end: string, until: number): void => {
      text += 'x'.repeat(until - Buffer.byteLength(text) - 1) + end;
    };
    fill('\r\n', piece);
    fill('é\r\n', 2 * piece);
    fill('\ry\n', 3 * piece);
    fill('\n', 3 * piece + 100);
    await expectSame(write(`pieces.${ending}`, text), {}, 2);
  });

  it('whatever the cells hold, and wherever pieces and chunks end', async () => {
    const cell = fc.oneof(
      fc.constantFrom(
        '',
        'NA',
        '7',
        '007',
        '1e3',
        ' x ',
        '2020-01-02',
        'true',
        '-200',
        'é',
        '"',
        'a\nb',
        '\r',
        ',',
      ),
      fc.string({ maxLength: 4 }).filter((text) => !text.includes('\0')),
    );
    const rows = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 5 }), fc.boolean(), async (cells, size, packed) => {
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const text = `first,second,third\n${cells.map((row) => row.map(quoted).join(',')).join('\n')}\n`;
        await expectSame(
          packed ? write('any.csv.gz', gzipSync(text)) : write('any.csv', text),
          { missing: [-200] },
          size,
        );
      }),
      { numRuns: 10 },
    );
  });
});

describe('several files', () => {
  it('with equal columns, across their ends', async () => {
    const files = [3, 2, 5].map((count, i) =>
      write(
        `part-${i}.csv`,
        `a,b\n${Array.from({ length: count }, (_, row) => `${row},${i}-${row}`).join('\n')}\n`,
      ),
    );
    for (const size of [1, 2, 4, 100]) await expectSame(files, {}, size);
  });

  it('are words everywhere where one has words, whatever the order of columns', async () => {
    const files = [write('one.csv', 'a,b\n1,2\n'), write('two.csv', 'b,a\n3,x\n')];
    await expectSame(files);
    // Nothing but missing values has no type that counts.
    await expectSame([write('none.csv', 'a,b\n,2\nNA,3\n'), write('numbers.csv', 'a,b\n1.5,2\n')]);
    await expectSame([write('numbers.csv', 'a,b\n1.5,2\n'), write('none.csv', 'a,b\n,2\nNA,3\n')]);
  });

  it('say once what is odd of them', async () => {
    const latin = (name: string): string => write(name, Buffer.from('a\ncafé\n', 'latin1'));
    await expectSame([latin('first.csv'), latin('second.csv')]);
  });
});

it('Parquet, queries, databases, rows in memory and a source for each task', async () => {
  const instance = await DuckDBInstance.create(join(directory, 'store.db'));
  const connection = await instance.connect();
  await connection.run(`CREATE TABLE t AS SELECT i, i / 3 AS third, i % 2 = 0 AS even, 'word ' || i % 7 AS word,
    DATE '2020-01-01' + i::INTEGER AS day, ['p', 'q'] AS labels FROM range(5000) AS numbers(i)`);
  await connection.run(`COPY t TO '${join(directory, 't.parquet')}'`);
  connection.closeSync();
  instance.closeSync();
  for (const size of [700, 2048, 10_000]) {
    await expectSame('t.parquet', {}, size);
    await expectSame({ database: 'store.db', table: 't' }, {}, size);
    await expectSame({ database: 'store.db', sql: 'SELECT word, i FROM t ORDER BY i DESC' }, {}, size);
    await expectSame({ sql: "SELECT * FROM 't.parquet' WHERE even" }, {}, size);
  }
  await expectSame([{ a: 1 }, { a: 2, b: 'x' }, { a: 3 }, { a: 4 }]);
  await expectSame({ perTask: { p: [{ x: 1 }, { x: 3 }], q: [{ x: 2 }, { x: 4 }] } });
});

it('usual types hold where a column is there', async () => {
  const file = write('usual.csv', 'code,size\n1,2\n2,3\n');
  const usual = { code: 'string', other: 'date' } as const;
  for (const spec of [file, [{ code: 1, size: 2 }]]) {
    const stream = await streamSource(spec, { directory, usual });
    expect([...stream.columns]).toEqual([
      ['code', 'string'],
      ['size', 'number'],
    ]);
    await stream.close();
  }
});

it('what was not read to its end is closed all the same', async () => {
  const stream = await streamSource(write('long.csv', `a\n${'1\n'.repeat(20_000)}`), { directory });
  for await (const chunk of stream.chunks(100)) {
    expect(chunk.rows).toBe(100);
    break;
  }
  // Rows may be asked for again.
  let rows = 0;
  for await (const chunk of stream.chunks(6000)) rows += chunk.rows;
  expect(rows).toBe(20_000);
  await stream.close();
  expect(existsSync(process.env.TMPDIR!) && readdirSync(process.env.TMPDIR!)).toEqual([]);
});
