import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { polytask } from '../../support/run-cli.ts';
import { sampleRows, toCsv } from '../../support/sample.ts';

/** A folder with good rows and everything that can be wrong with rows. */
export async function writeFixtures(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'polytask-bad-'));
  const write = (name: string, content: string | Uint8Array): void =>
    writeFileSync(join(folder, name), content);
  const rows = sampleRows(60);
  const good = toCsv(rows);
  const lines = good.trimEnd().split('\n');
  write('good.csv', good);
  write('empty.csv', '');
  write('blank.csv', '\n\n   \n');
  write('header.csv', `${lines[0]}\n`);
  write('binary.csv', Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 37) % 256)));
  write('cut.csv.gz', gzipSync(good).subarray(0, 300));
  write('plain.csv.gz', good);
  write('text.parquet', good);
  write('sheet.xlsx', 'PK');
  write('rows', good);
  write('twice.csv', `x,flag,x\n${'1,yes,2\n'.repeat(20)}`);
  write('ragged.csv', `${lines.slice(0, 20).join('\n')}\n1,2,3\n${lines.slice(20).join('\n')}\n`);
  write('quote.csv', `x,flag\n1,"yes\n${'2,no\n'.repeat(50)}`);
  write('latin.csv', Buffer.from(`x,flag\n${'1,yés\n'.repeat(20)}`, 'latin1'));
  write('broken.json', '[{"x": 1, "flag": "yes"}, {"x": 2, "flag":');
  write('none.json', '[]');
  write('two.csv', 'x,flag\n1,yes\n2,no\n3,yes\n');
  write('other.csv', 'y,flag\n1,yes\n2,no\n');
  write('noisy.db', 'this is no database');
  symlinkSync('nowhere.csv', join(folder, 'dangling.csv'));
  mkdirSync(join(folder, 'folder.csv'));
  const odd = rows.map((row, i) => ({
    x: row.x,
    same: 1,
    flag: row.flag,
    nothing: '',
    one: 'yes',
    infinite: i === 7 ? 'inf' : i,
    negative: i % 5 === 0 ? -1 : i % 5,
    fraction: i % 5 === 0 ? 1.5 : i % 5,
    words: ['some', 'words', 'here'][i % 3],
    id: `row number ${i} is about something else entirely ${(i * 7919) % 1000}`,
    many: i % 40,
    importance: i === 3 ? -2 : 1,
    side: i % 2 === 0 ? 'left' : 'right',
    sole: 'lonely',
  }));
  write('odd.csv', toCsv(odd));
  write('constant.csv', toCsv(odd, ['same', 'sole', 'flag']));
  write(
    'classes.csv',
    toCsv(Array.from({ length: 3000 }, (_, i) => ({ x: i % 7, flag: 'yes', code: `c${i}` }))),
  );
  await writeDuckDB(folder);
  await writeRuns(folder, write, rows);
  return folder;
}

async function writeDuckDB(folder: string): Promise<void> {
  const instance = await DuckDBInstance.create(join(folder, 'rows.db'));
  const connection = await instance.connect();
  await connection.run(`CREATE TABLE strikes AS FROM read_csv('${join(folder, 'good.csv')}')`);
  await connection.run('CREATE TABLE planes AS SELECT 1 AS x');
  await connection.run(`COPY strikes TO '${join(folder, 'good.parquet')}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}

type Write = (name: string, content: string | Uint8Array) => void;

/** Models and runs, whole and damaged. */
async function writeRuns(
  folder: string,
  write: Write,
  rows: readonly Record<string, unknown>[],
): Promise<void> {
  const quick = ['--seeds', '1', '--epochs', '1', '--no-baseline', '--quiet'];
  const wide = ['fit', 'good.csv', '--task', 'flag', '--task', 'amount', '--exclude', 'school,patient,side'];
  const long = [
    'fit',
    'good.csv',
    '--task',
    'amount',
    '--by',
    'school',
    '--exclude',
    'patient,side,flag,visits,size,shape,tags',
  ];
  const made = await Promise.all([
    polytask([...wide, ...quick, '--out', 'wide'], { cwd: folder }),
    polytask([...long, ...quick, '--out', 'long'], { cwd: folder }),
  ]);
  for (const { code, stderr } of made) if (code !== 0) throw new Error(stderr);
  const { cpSync, readFileSync, rmSync } = await import('node:fs');
  const copy = (from: string, to: string): void =>
    cpSync(join(folder, from), join(folder, to), { recursive: true });
  const damage = (name: string): void => write(name, readFileSync(join(folder, name)).subarray(0, 100));
  for (const part of ['model.onnx', 'signature.json', 'encoders.json']) {
    copy('wide/model', `damaged-${part}`);
    damage(`damaged-${part}/${part}`);
  }
  copy('wide/model', 'newer');
  const manifest = readFileSync(join(folder, 'newer/manifest.json'), 'utf8');
  write('newer/manifest.json', manifest.replace(/"format": \d+/, '"format": 99'));
  copy('wide', 'twin');
  for (const name of ['killed', 'damaged-run', 'damaged-checkpoint', 'changed']) {
    copy('wide', name);
    for (const part of ['result.json', 'model', 'report.html'])
      rmSync(join(folder, name, part), { recursive: true });
  }
  damage('damaged-run/run.json');
  damage('damaged-checkpoint/checkpoints/shared-bottom.ckpt');
  write('changing.csv', toCsv(rows.slice(0, 50)));
  const record = readFileSync(join(folder, 'changed/run.json'), 'utf8');
  write('changed/run.json', record.replace('good.csv', 'changing.csv'));
  write('strange.csv', toCsv(rows.slice(0, 5).map((row) => ({ ...row, school: 's9' }))));
  write('unlabelled.csv', toCsv(rows.slice(0, 5).map((row) => ({ ...row, flag: '', amount: '' }))));
  write('inputs.csv', toCsv(rows.slice(0, 5), ['x', 'colour', 'note', 'when']));
}
