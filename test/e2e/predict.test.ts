import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flatten } from '../../src/cli/output/flatten.ts';
import { predictStream } from '../../src/cli/output/predict.ts';
import { openOutput } from '../../src/cli/output/write.ts';
import { cellAt, type RowStream, requireColumn, textAt } from '../../src/data/index.ts';
import { streamSource } from '../../src/data/sources/index.ts';
import { fit, load, type Model, openSource, regression } from '../../src/index.ts';
import { lastLine, polytask } from '../support/run-cli.ts';
import { sampleRows, toCsv } from '../support/sample.ts';
import { WIDE } from './wide.ts';

const ROWS = 2500;
const AT_ONCE = 1024;
/** Enough for several chunks of the command line. */
const MANY = 20_000;
const KEEP = ['x', 'when', 'flag', 'wet', 'none'];

let folder: string;
let models: Readonly<Record<string, Model>>;

const rows = sampleRows(ROWS).map((row, i) => ({
  ...row,
  x: i < 1100 || i % 11 === 0 ? null : Number(row.x),
  note: i % 5 === 0 ? null : `${row.note}, "said" ${i % 3 === 0 ? 'twice\nor more' : 'once'}`,
  wet: i % 7 === 0 ? null : i % 3 === 0,
  none: null,
}));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'polytask-predict-'));
  writeFileSync(join(folder, 'train.csv'), toCsv(sampleRows(300)));
  const few = ['--epochs', '1', '--seeds', '1', '--no-baseline', '-q'];
  const wide = ['fit', 'train.csv', ...WIDE, '--exclude', 'school,patient,importance,side', ...few];
  const long = [
    'fit',
    'train.csv',
    '--task',
    'amount:regression',
    '--by',
    'school',
    '--exclude',
    'side',
    ...few,
  ];
  for (const args of [
    [...wide, '--out', 'wide'],
    [...long, '--out', 'long'],
  ]) {
    const { code, stderr } = await polytask(args, { cwd: folder });
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  }
  models = {
    wide: await load(join(folder, 'wide/model')),
    long: await load(join(folder, 'long/model')),
  };
  await writeInputs();
}, 60_000);

afterAll(async () => {
  for (const model of Object.values(models)) await model.close();
  rmSync(folder, { recursive: true, force: true });
});

async function writeInputs(): Promise<void> {
  const csv = toCsv(rows);
  const write = (name: string, content: string | Buffer): void => writeFileSync(join(folder, name), content);
  write('rows.csv', csv);
  write('rows.csv.gz', gzipSync(csv));
  write('rows.json', JSON.stringify(rows));
  write('rows.ndjson', rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT * FROM read_json('${join(folder, 'rows.json')}')) TO '${join(folder, 'rows.parquet')}'`,
  );
  await connection.run(
    `COPY (SELECT * FROM read_json('${join(folder, 'rows.json')}')) TO '${join(folder, 'rows.tsv')}' (DELIMITER '\\t')`,
  );
  connection.closeSync();
  instance.closeSync();
}

type Cells = Readonly<Record<string, unknown>>;

/** All rows read, predicted and taken apart at once. */
async function atOnce(model: Model, file: string): Promise<Cells[]> {
  const path = join(folder, file);
  const found = await openSource(path);
  const types = Object.fromEntries(
    Object.entries(model.signature.types).filter(([name]) => found.columns.has(name)),
  );
  const table = await openSource(path, { types });
  const outputs = await model.predictTable(table);
  const { by } = model.signature;
  return Array.from({ length: table.rows }, (_, row) => {
    const task = by === undefined ? undefined : textAt(requireColumn(table, by), row);
    const predicted = Object.fromEntries(
      Object.entries(model.decode(outputs, row, task)).flatMap(([name, value]) => [...flatten(name, value)]),
    );
    const kept = KEEP.map((name) => [
      name in predicted ? `${name}.actual` : name,
      cellAt(requireColumn(table, name), row),
    ]);
    return { ...Object.fromEntries(kept), ...predicted };
  });
}

const delimited =
  (separator: string) =>
  (cells: readonly Cells[]): string => {
    const cell = (value: unknown): string => {
      const text = value === null ? '' : String(value);
      return text.includes(separator) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    };
    const names = Object.keys(cells[0]!);
    const lines = [names, ...cells.map((row) => names.map((name) => row[name]))];
    return lines.map((line) => `${line.map(cell).join(separator)}\n`).join('');
  };

const TEXTS: Readonly<Record<string, (cells: readonly Cells[]) => string>> = {
  csv: delimited(','),
  tsv: delimited('\t'),
  json: (cells) => `[\n${cells.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`,
  ndjson: (cells) => cells.map((row) => `${JSON.stringify(row)}\n`).join(''),
};

async function readParquet(path: string): Promise<Cells[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const read = await connection.runAndReadAll(`SELECT * FROM '${path}'`);
  connection.closeSync();
  instance.closeSync();
  return read.getRowObjectsJS() as Cells[];
}

/** A stream that counts the rows of the chunks that nobody has let go of by asking for the next. */
function counted(stream: RowStream): { readonly stream: RowStream; most(): number } {
  let most = 0;
  const chunks = async function* (size: number): ReturnType<RowStream['chunks']> & AsyncGenerator {
    for await (const table of stream.chunks(size)) {
      most = Math.max(most, table.rows);
      yield table;
    }
  };
  return { stream: { ...stream, chunks }, most: () => most };
}

describe.each(['wide', 'long'])('a %s model', (layout) => {
  test.each(['rows.csv', 'rows.csv.gz', 'rows.tsv', 'rows.json', 'rows.ndjson', 'rows.parquet'])(
    'predicts %s in chunks as at once, in every format',
    async (file) => {
      const model = models[layout]!;
      const cells = await atOnce(model, file);
      const stream = await streamSource(join(folder, file), {
        usual: model.signature.types,
        piecewiseFrom: 0,
      });
      for (const ending of [...Object.keys(TEXTS), 'parquet']) {
        const path = join(folder, `out.${ending}`);
        const output = await openOutput(path);
        const { stream: watched, most } = counted(stream);
        for await (const columns of predictStream(model, watched, KEEP, {}, AT_ONCE)) {
          expect(columns[0]!.values.length).toBeLessThanOrEqual(AT_ONCE);
          expect(existsSync(path)).toBe(false);
          await output.write(columns);
        }
        await output.finish();
        expect(most()).toBe(AT_ONCE);
        if (ending === 'parquet') expect(await readParquet(path)).toEqual(cells);
        else expect(readFileSync(path, 'utf8') === TEXTS[ending]!(cells)).toBe(true);
        rmSync(path);
      }
      await stream.close();
    },
  );
});

test('tasks that are new and told from all their rows are predicted together', async () => {
  const given = sampleRows(ROWS).map(({ amount, school, x }, i) => ({
    amount: Number(amount),
    school,
    x: Number(x),
    even: i % 2,
  }));
  const { model } = await fit({
    data: given.slice(0, 600),
    tasks: { amount: regression() },
    by: 'school',
    seeds: 1,
    baseline: false,
    training: { maxEpochs: 1 },
    model: { sharing: 'shared-bottom:heads=shared', conditioning: 'concat', descriptor: 'means' },
    out: join(folder, 'described'),
  });
  const fresh = given.map((row, i) => ({ ...row, school: i % 2 === 0 ? 'new' : row.school }));
  for (const [asked, most] of [
    [fresh, ROWS],
    [given, AT_ONCE],
  ] as const) {
    const stream = counted(await streamSource(asked));
    const found: unknown[] = [];
    for await (const columns of predictStream(model, stream.stream, [], {}, AT_ONCE))
      found.push(...columns.find(({ name }) => name === 'amount')!.values);
    const outputs = await model.predictTable(await openSource(asked));
    const expected = asked.map(
      ({ school }, row) => (model.decode(outputs, row, String(school)).amount as { value: number }).value,
    );
    expect(found).toEqual(expected);
    expect(stream.most()).toBe(most);
  }
  await model.close();
});

describe('the command', () => {
  const many = (change: (row: Record<string, unknown>, i: number) => void = () => undefined): string => {
    const all = Array.from({ length: MANY }, (_, i) => {
      const row: Record<string, unknown> = { ...rows[i % ROWS]! };
      change(row, i);
      return row;
    });
    return toCsv(
      all,
      Object.keys(all[0]!).filter((name) => name !== 'note'),
    );
  };
  const drafts = (): string[] =>
    readdirSync(folder).filter((name) => name.endsWith('.tmp') || name === 'out.csv');
  const predict = (...args: readonly string[]): ReturnType<typeof polytask> =>
    polytask(['predict', ...args], { cwd: folder });

  test('says once what is odd of all rows, and answers with all of them', async () => {
    writeFileSync(join(folder, 'many.csv'), many());
    const [file, answer] = await Promise.all([
      predict('wide/model', 'many.csv', '--keep', 'x', '--out', 'out.csv'),
      predict('wide/model', 'many.csv', '--keep', 'x', '--json'),
    ]);
    expect(file.stderr.match(/"note" is missing/g)).toHaveLength(1);
    expect(file.stderr).toMatch(new RegExp(`${MANY} rows predicted in`));
    expect(file.code).toBe(0);
    const { rows: count, predictions } = lastLine(answer.stdout) as { rows: number; predictions: Cells[] };
    expect(count).toBe(MANY);
    expect(TEXTS.csv!(predictions) === readFileSync(join(folder, 'out.csv'), 'utf8')).toBe(true);
    rmSync(join(folder, 'out.csv'));
  });

  test('a bad line in the middle ends in an error and leaves nothing', async () => {
    const lines = many().split('\n');
    lines[MANY / 2] += ',more';
    writeFileSync(join(folder, 'ragged.csv'), lines.join('\n'));
    const { code, stderr } = await predict('wide/model', 'ragged.csv', '--out', 'out.csv');
    expect(stderr).toMatch(/source-ragged at ragged\.csv:10001/);
    expect(code).toBe(2);
    expect(drafts()).toEqual([]);
  });

  test('an unknown task after some chunks does so too, and says which row it is', async () => {
    writeFileSync(
      join(folder, 'unknown.csv'),
      many((row, i) => {
        if (i === 15_000) row.school = 's9';
      }),
    );
    const { code, stderr } = await predict('long/model', 'unknown.csv', '--out', 'out.csv');
    expect(stderr).toMatch(/task-unknown at rows\[15000\]\.school/);
    expect(code).toBe(2);
    expect(drafts()).toEqual([]);
    const answer = await predict('long/model', 'unknown.csv', '--json');
    expect(lastLine(answer.stdout)).toMatchObject({ error: { code: 'task-unknown' } });
  });

  test('stopped by a signal, it leaves nothing', async () => {
    // Long enough to be stopped in the midst of it, however busy the machine is.
    const [header, ...lines] = many().trimEnd().split('\n');
    const long = Array.from({ length: 8 }, () => lines.join('\n'));
    writeFileSync(join(folder, 'long.csv'), [header, ...long, ''].join('\n'));
    const stopped = await polytask(['predict', 'wide/model', 'long.csv', '--out', 'out.csv'], {
      cwd: folder,
      onStart: (child) => {
        const timer = setInterval(() => {
          if (drafts().length > 0) child.kill('SIGINT');
        }, 5);
        child.on('close', () => clearInterval(timer));
      },
    });
    expect(stopped.code).toBe(130);
    expect(drafts()).toEqual([]);
  });
});
