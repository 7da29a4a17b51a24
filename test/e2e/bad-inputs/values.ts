import type { BadInput } from './case.ts';

const learn = (...args: string[]): readonly string[] => [
  'fit',
  'good.csv',
  '--task',
  'flag',
  '--out',
  'OUT',
  ...args,
];

export const VALUES: readonly BadInput[] = [
  { name: 'no seeds', args: learn('--seeds', '0'), code: 'config-invalid', says: /--seeds/ },
  { name: 'seeds in words', args: learn('--seeds', 'three'), code: 'usage-invalid', says: /--seeds/ },
  { name: 'a negative seed', args: learn('--seed', '-1'), code: 'config-invalid', says: /--seed/ },
  {
    name: 'a negative time limit',
    args: learn('--time-limit', '-5'),
    code: 'config-invalid',
    says: /--time-limit/,
  },
  { name: 'no epochs', args: learn('--epochs', '0'), code: 'config-invalid', says: /--epochs/ },
  {
    name: 'half a row a step',
    args: learn('--batch-size', '0.5'),
    code: 'config-invalid',
    says: /--batch-size/,
  },
  {
    name: 'a learning rate of nothing',
    args: learn('--learning-rate', '0'),
    code: 'config-invalid',
    says: /--learning-rate/,
  },
  {
    name: 'a hidden size below one',
    args: learn('--hidden', '32,-1'),
    code: 'config-invalid',
    says: /--hidden/,
  },
  { name: 'no threads', args: learn('--threads', '0'), code: 'config-invalid', says: /--threads/ },
  { name: 'no rows to read', args: learn('--limit', '0'), code: 'config-invalid', says: /--limit/ },
  { name: 'an unknown runtime', args: learn('--runtime', 'cuda'), code: 'config-invalid', says: /native/ },
  {
    name: 'a runtime that this machine may lack',
    args: learn('--runtime', 'webgpu', '--threads', '999'),
    code: 'config-invalid',
  },
  {
    name: 'an unknown way of sharing',
    args: learn('--sharing', 'everything'),
    code: 'config-invalid',
    says: /shared-bottom/,
  },
  { name: 'an unknown objective', args: learn('--objective', 'best'), code: 'config-invalid', says: /equal/ },
  {
    name: 'an objective without numbers',
    args: learn('--objective', 'fixed:flag'),
    code: 'usage-invalid',
    says: /fixed:damage=2/,
  },
  { name: 'shares of nothing', args: learn('--split', '0/0/0'), code: 'split-invalid' },
  {
    name: 'a setting without a value',
    args: learn('--set', 'training.patience'),
    code: 'usage-invalid',
    says: /path=value/,
  },
  {
    name: 'a setting that does not exist',
    args: learn('--set', 'training.patients=3'),
    code: 'config-invalid',
    says: /Did you mean "patience"/,
  },
  {
    name: 'an unknown option',
    args: learn('--taks', 'flag'),
    code: 'usage-invalid',
    says: /Did you mean "--task"/,
  },
  { name: 'an option without its value', args: ['fit', 'good.csv', '--task'], code: 'usage-invalid' },
  {
    name: 'an unknown command',
    args: ['fti', 'good.csv'],
    code: 'usage-invalid',
    says: /Did you mean "fit"/,
  },
  { name: 'an unknown command of config', args: ['config', 'shema'], code: 'usage-invalid' },
  { name: 'train without a config', args: ['train'], code: 'usage-invalid', says: /--config/ },
  { name: 'resume without a run', args: ['resume'], code: 'usage-invalid' },
];
