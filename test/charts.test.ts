import { expect, test } from 'vitest';
import { joined, plainNumber, readTable, writeTables } from '../studio/src/charts/tables.ts';
import { fileName } from '../studio/src/charts/titles.ts';

// Charts as data, in a real browser: test/studio.test.ts.

test('tables with the same first column are one, others follow after an empty line', () => {
  const [one, two, three] = ['step\ta\n1\t2\n3\t', 'step\tb\n1\t5\n3\t6', 'step\tc\n1\t7'].map(readTable);
  expect(writeTables(joined([one!, two!, three!, one!]))).toBe(
    'step\ta\tb\n1\t2\t5\n3\t\t6\n\nstep\tc\n1\t7\n\nstep\ta\n1\t2\n3\t',
  );
  expect(joined([])).toEqual([]);
});

test.each([
  ['−6.1', '-6.1'],
  ['+12', '12'],
  ['1,234,567.5', '1234567.5'],
  ['30\u202f094', '30094'],
  ['3.10e−7', '3.10e-7'],
  ['–', ''],
  ['0.50', '0.50'],
  ['−26 to +49', '−26 to +49'],
  ['a, 12,5', 'a, 12,5'],
  ['12,5', '12,5'],
  ['1.2.3', '1.2.3'],
  ['−', '−'],
  ['', ''],
])('a cell that reads %j is %j', (text, plain) => {
  expect(plainNumber(text)).toBe(plain);
});

test.each([
  ['income: auc on the validation rows', 'income-auc-on-the-validation-rows.svg'],
  ['../../etc/passwd\u0000', 'etc-passwd.svg'],
  ['Größe von θ, 収入', 'größe-von-θ-収入.svg'],
  ['…', 'chart.svg'],
  ['x'.repeat(300), `${'x'.repeat(60)}.svg`],
])('a picture of %j is saved as %j', (title, name) => {
  expect(fileName(title, 'svg')).toBe(name);
  expect(fileName(`${title} and so on`.repeat(20), 'svg').length).toBeLessThan(70);
});
