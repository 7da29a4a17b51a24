import { type BadInput, learn } from './case.ts';

const good = (...args: string[]): readonly string[] => learn('good.csv', '--task', 'flag', ...args);
const odd = (task: string, ...args: string[]): readonly string[] => learn('odd.csv', '--task', task, ...args);

export const COLUMNS: readonly BadInput[] = [
  { name: 'no task', args: learn('good.csv'), code: 'usage-invalid', says: /amount/ },
  {
    name: 'an unknown task',
    args: learn('good.csv', '--task', 'amont'),
    code: 'column-unknown',
    says: /Did you mean "amount"/,
  },
  {
    name: 'an unknown column to exclude',
    args: good('--exclude', 'colur'),
    code: 'column-unknown',
    says: /Did you mean "colour"/,
  },
  {
    name: 'an unknown group',
    args: good('--group', 'patent'),
    code: 'column-unknown',
    says: /Did you mean "patient"/,
  },
  {
    name: 'an unknown time',
    args: good('--time', 'wen'),
    code: 'column-unknown',
    says: /Did you mean "when"/,
  },
  {
    name: 'an unknown weight',
    args: good('--weight', 'importanc'),
    code: 'column-unknown',
    says: /Did you mean "importance"/,
  },
  {
    name: 'an unknown column of tasks',
    args: learn('good.csv', '--task', 'amount', '--by', 'scool'),
    code: 'column-unknown',
    says: /Did you mean "school"/,
  },
  {
    name: 'an unknown split',
    args: good('--split', 'sides'),
    code: 'column-unknown',
    says: /Did you mean "side"/,
  },
  {
    name: 'a target that is excluded',
    args: good('--exclude', 'flag'),
    code: 'column-role',
    says: /target and excluded/,
  },
  { name: 'a column as group and task', args: good('--group', 'flag'), code: 'column-role' },
  {
    name: 'the same task twice',
    args: learn('good.csv', '--task', 'flag', '--task', 'flag:binary'),
    code: 'usage-invalid',
    says: /twice/,
  },
  {
    name: 'two tasks beside --by',
    args: learn('good.csv', '--task', 'flag', '--task', 'amount', '--by', 'school'),
    code: 'usage-invalid',
  },
  {
    name: 'a misspelt kind',
    args: learn('good.csv', '--task', 'flag:binry'),
    code: 'kind-unknown',
    says: /Did you mean "binary"/,
  },
  { name: 'a target without a label', args: odd('nothing:binary'), code: 'task-unlabelled' },
  { name: 'a target of one class', args: odd('one:binary'), code: 'task-constant' },
  { name: 'an ordinal target of one class', args: odd('one:ordinal'), code: 'task-constant' },
  {
    name: 'inputs that are all constant',
    args: learn('constant.csv', '--task', 'flag'),
    code: 'column-role',
    says: /at least one input/,
  },
  { name: 'an infinite target', args: odd('infinite:regression'), code: 'value-not-finite', says: /row 8/ },
  { name: 'negative counts', args: odd('negative:count'), code: 'label-invalid', says: /-1/ },
  {
    name: 'counts that are no whole numbers',
    args: odd('fraction:count'),
    code: 'label-invalid',
    says: /1\.5/,
  },
  { name: 'words as a regression target', args: odd('words:regression'), code: 'column-type' },
  { name: 'three classes as a binary target', args: odd('words:binary'), code: 'classes-too-many' },
  { name: 'words without an order as an ordinal target', args: odd('words:ordinal'), code: 'task-options' },
  {
    name: 'too many classes',
    args: learn('classes.csv', '--task', 'code:multiclass'),
    code: 'classes-too-many',
  },
  { name: 'free text as a target', args: odd('id'), code: 'kind-unclear', says: /:multiclass/ },
  { name: 'numbers as a list of labels', args: odd('many:multilabel'), code: 'column-type' },
  { name: 'a negative weight', args: odd('flag', '--weight', 'importance'), code: 'column-type', says: /-2/ },
  { name: 'words as a weight', args: odd('flag', '--weight', 'words'), code: 'column-type' },
  {
    name: 'a split column with other words',
    args: odd('flag', '--split', 'side'),
    code: 'split-invalid',
    says: /left/,
  },
  {
    name: 'a split column and a group',
    args: good('--split', 'side', '--group', 'patient'),
    code: 'usage-invalid',
  },
  { name: 'a group and a time', args: good('--group', 'patient', '--time', 'when'), code: 'split-invalid' },
  { name: 'a single group', args: odd('flag', '--group', 'sole'), code: 'split-empty', says: /3 groups/ },
  {
    name: 'fewer rows than sides',
    args: learn('good.csv', '--task', 'amount', '--limit', '2'),
    code: 'split-empty',
  },
];
