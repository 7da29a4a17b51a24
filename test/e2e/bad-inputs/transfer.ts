import { type BadInput, learn } from './case.ts';

const good = ['good.csv', '--task', 'flag', '--task', 'amount'];
/** As the run `wide` was made, but compared with each task alone. */
const compared = ['fit', ...good, '--exclude', 'school,patient,side', '--seeds', '1', '--epochs', '1'];

/** Folds, fewer rows, comparisons and baselines. */
export const TRANSFER: readonly BadInput[] = [
  { name: 'one fold', args: learn(...good, '--folds', '1'), code: 'config-invalid', says: /at --folds/ },
  { name: 'folds in words', args: learn(...good, '--folds', 'five'), code: 'usage-invalid' },
  {
    name: 'folds beside a column that says the side',
    args: learn(...good, '--split', 'side', '--folds', '3'),
    code: 'split-invalid',
    says: /split\.column/,
  },
  {
    name: 'folds of time',
    args: learn(...good, '--time', 'when', '--folds', '3'),
    code: 'split-invalid',
    says: /split\.time/,
  },
  {
    name: 'more folds than groups',
    args: learn(...good, '--group', 'school', '--folds', '6'),
    code: 'split-invalid',
    says: /at least 6 values of "school"/,
  },
  {
    name: 'folds and fewer rows',
    args: learn(...good, '--folds', '3', '--fractions', '0.5'),
    code: 'config-invalid',
    says: /folds or fractions/,
  },
  { name: 'no rows', args: learn(...good, '--fractions', '0,0.5'), code: 'config-invalid' },
  { name: 'more rows than there are', args: learn(...good, '--fractions', '10'), code: 'config-invalid' },
  {
    name: 'too few rows for a task',
    args: learn('good.csv', '--task', 'visits', '--task', 'size', '--fractions', '0.02'),
    code: 'task-constant',
    says: /2 % of the training rows/,
  },
  {
    name: 'folds of a front',
    args: ['front', ...good, '--folds', '3', '--out', 'OUT'],
    code: 'config-invalid',
    says: /a front/,
  },
  {
    name: 'folds beside a search',
    args: ['fit', ...good, '--folds', '3', '--time-limit', '5', '--out', 'OUT'],
    code: 'config-invalid',
    says: /Search first/,
  },
  { name: 'comparing one run', args: ['compare', 'wide'], code: 'runs-differ', says: /at least two/ },
  { name: 'comparing with nothing', args: ['compare', 'wide', 'nowhere'], code: 'run-folder' },
  {
    name: 'comparing with a run that was stopped',
    args: ['compare', 'wide', 'killed'],
    code: 'run-folder',
    says: /polytask resume/,
  },
  {
    name: 'comparing other tasks',
    args: ['compare', 'wide', 'long'],
    code: 'runs-differ',
    says: /long: tasks/,
  },
  {
    name: 'a page where none can be written',
    args: ['compare', 'wide', 'twin', '--html', 'good.csv/page.html'],
    code: 'output-failed',
  },
  {
    name: 'a baseline that is not there',
    args: [...compared, '--baseline', 'nowhere', '--out', 'OUT'],
    code: 'run-folder',
  },
  {
    name: 'a baseline without each task alone',
    args: [...compared, '--baseline', 'wide', '--out', 'OUT'],
    code: 'runs-differ',
    says: /wide: models/,
  },
  {
    name: 'baselines that share',
    args: ['baselines', ...good, '--sharing', 'mmoe', '--out', 'OUT'],
    code: 'config-invalid',
    says: /--sharing/,
  },
];
