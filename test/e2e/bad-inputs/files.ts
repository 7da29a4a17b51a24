import { type BadInput, learn } from './case.ts';

const flag = ['--task', 'flag'];

export const FILES: readonly BadInput[] = [
  {
    name: 'a file that does not exist',
    args: learn('good.cvs', ...flag),
    code: 'source-not-found',
    says: /Did you mean "good.csv"/,
  },
  {
    name: 'a folder that does not exist',
    args: learn('no/where/rows.csv', ...flag),
    code: 'source-not-found',
    says: /no folder/,
  },
  { name: 'a path through a file', args: learn('good.csv/rows.csv', ...flag), code: 'source-not-found' },
  { name: 'a link to nowhere', args: learn('dangling.csv', ...flag), code: 'source-not-found' },
  { name: 'an empty file', args: learn('empty.csv', ...flag), code: 'source-empty' },
  { name: 'a file of blank lines', args: learn('blank.csv', ...flag), code: 'source-empty' },
  { name: 'a header without rows', args: learn('header.csv', ...flag), code: 'source-empty' },
  { name: 'a directory', args: learn('folder.csv', ...flag), code: 'source-unreadable', says: /a directory/ },
  { name: 'a binary file', args: learn('binary.csv', ...flag), code: 'source-corrupt' },
  { name: 'a gzip file cut short', args: learn('cut.csv.gz', ...flag), code: 'source-corrupt', says: /gzip/ },
  { name: 'a gzip file that is none', args: learn('plain.csv.gz', ...flag), code: 'source-corrupt' },
  { name: 'text called parquet', args: learn('text.parquet', ...flag), code: 'source-corrupt' },
  {
    name: 'an ending that nobody reads',
    args: learn('sheet.xlsx', ...flag),
    code: 'source-format',
    says: /\.xlsx/,
  },
  { name: 'no ending', args: learn('rows', ...flag), code: 'source-format' },
  {
    name: 'the same column twice in the header',
    args: learn('twice.csv', ...flag),
    code: 'header-duplicate',
    says: /"x"/,
  },
  { name: 'a row with too few cells', args: learn('ragged.csv', ...flag), code: 'source-ragged', says: /21/ },
  { name: 'a quote that never ends', args: learn('quote.csv', ...flag), code: 'source-ragged' },
  {
    name: 'an unknown encoding',
    args: learn('good.csv', ...flag, '--encoding', 'klingon'),
    code: 'source-encoding',
  },
  {
    name: 'the wrong encoding',
    args: learn('latin.csv', ...flag, '--encoding', 'utf-8'),
    code: 'source-encoding',
  },
  { name: 'JSON cut short', args: learn('broken.json', ...flag), code: 'source-corrupt' },
  { name: 'JSON of no rows', args: learn('none.json', ...flag), code: 'source-empty' },
  {
    name: 'files with different columns',
    args: learn('two.csv', 'other.csv', ...flag),
    code: 'source-columns',
  },
  {
    name: 'a database without that table',
    args: learn('--database', 'rows.db', '--table', 'strike', ...flag),
    code: 'table-unknown',
    says: /Did you mean "strikes"/,
  },
  {
    name: 'a database and no table',
    args: learn('--database', 'rows.db', ...flag),
    code: 'table-unknown',
    says: /planes|strikes/,
  },
  {
    name: 'a database that is none',
    args: learn('--database', 'noisy.db', '--table', 'a', ...flag),
    code: 'source-corrupt',
  },
  { name: 'SQL that is none', args: learn('--sql', 'SELEC * FROM rows', ...flag), code: 'sql-invalid' },
  {
    name: 'SQL over a column that is not there',
    args: learn('--sql', "SELECT floag AS flag, x FROM 'good.csv'", ...flag),
    code: 'sql-invalid',
    says: /flag/,
  },
  {
    name: 'SQL over a file that is not there',
    args: learn('--sql', "SELECT * FROM 'nothing.csv'", ...flag),
    code: 'sql-invalid',
  },
  {
    name: 'SQL that finds no rows',
    args: learn('--sql', "SELECT * FROM 'good.csv' WHERE x > 1e9", ...flag),
    code: 'source-empty',
  },
  { name: 'no source', args: learn(...flag), code: 'usage-invalid', says: /SOURCE/ },
  {
    name: 'a file and a query',
    args: learn('good.csv', '--sql', 'SELECT 1', ...flag),
    code: 'usage-invalid',
  },
  {
    name: 'a table without a database',
    args: learn('good.csv', '--table', 'a', ...flag),
    code: 'usage-invalid',
    says: /--database/,
  },
];
