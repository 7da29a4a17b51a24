import { type BadInput, learn } from './case.ts';

const good = ['good.csv', '--task', 'flag'];
const fitTo = (out: string): readonly string[] => [
  'fit',
  ...good,
  '--seeds',
  '1',
  '--epochs',
  '1',
  '--out',
  out,
];

export const RUNS: readonly BadInput[] = [
  { name: 'a run folder that holds a run', args: fitTo('wide'), code: 'run-folder', says: /polytask resume/ },
  { name: 'a run folder that holds other files', args: fitTo('.'), code: 'run-folder', says: /--out/ },
  { name: 'a run folder that is a file', args: fitTo('good.csv'), code: 'run-folder' },
  { name: 'a run folder below a file', args: fitTo('good.csv/run'), code: 'run-folder' },
  { name: 'a run folder where none can be made', args: fitTo('/proc/polytask'), code: 'run-folder' },
  {
    name: 'a disk that is full in the middle of a run',
    args: learn(...good),
    before: 'ulimit -f 12;',
    code: 'run-folder',
    says: /EFBIG/,
  },
  { name: 'resuming nothing', args: ['resume', 'nowhere'], code: 'run-folder', says: /run\.json/ },
  { name: 'resuming a folder without a run', args: ['resume', 'folder.csv'], code: 'run-folder' },
  { name: 'resuming a file', args: ['resume', 'good.csv'], code: 'run-folder' },
  { name: 'resuming a damaged run', args: ['resume', 'damaged-run'], code: 'run-folder', says: /damaged/ },
  {
    name: 'resuming a damaged checkpoint',
    args: ['resume', 'damaged-checkpoint'],
    code: 'run-folder',
    says: /Remove the file/,
  },
  { name: 'resuming with other data', args: ['resume', 'changed'], code: 'run-changed' },
  {
    name: 'predicting without a model',
    args: ['predict', 'nowhere', 'good.csv'],
    code: 'model-invalid',
    says: /"model" of a/,
  },
  {
    name: 'predicting with the run, not its model',
    args: ['predict', 'wide', 'good.csv'],
    code: 'model-invalid',
  },
  {
    name: 'predicting with a damaged graph',
    args: ['predict', 'damaged-model.onnx', 'good.csv'],
    code: 'model-invalid',
  },
  {
    name: 'predicting with a damaged signature',
    args: ['predict', 'damaged-signature.json', 'good.csv'],
    code: 'model-invalid',
  },
  {
    name: 'predicting with damaged encoders',
    args: ['predict', 'damaged-encoders.json', 'good.csv'],
    code: 'model-invalid',
  },
  {
    name: 'predicting with a newer model',
    args: ['predict', 'newer', 'good.csv'],
    code: 'model-invalid',
    says: /format 99/,
  },
  {
    name: 'predicting an unknown task',
    args: ['predict', 'long/model', 'strange.csv', '--out', 'OUT.csv'],
    code: 'task-unknown',
    says: /s9/,
  },
  {
    name: 'predicting without the column of tasks',
    args: ['predict', 'long/model', 'inputs.csv'],
    code: 'column-unknown',
    says: /school/,
  },
  {
    name: 'predicting into no folder',
    args: ['predict', 'wide/model', 'good.csv', '--out', 'no/where.csv'],
    code: 'output-failed',
    says: /no folder/,
  },
  {
    name: 'predicting into a folder',
    args: ['predict', 'wide/model', 'good.csv', '--out', 'folder.csv'],
    code: 'output-failed',
    says: /a folder/,
  },
  {
    name: 'predicting into an unknown format',
    args: ['predict', 'wide/model', 'good.csv', '--out', 'OUT.xlsx'],
    code: 'output-failed',
    says: /\.parquet/,
  },
  {
    name: 'predicting onto a full disk',
    args: ['predict', 'wide/model', 'good.csv', '--out', '/dev/full'],
    code: 'output-failed',
    says: /ENOSPC/,
  },
  {
    name: 'predicting into a full stdout',
    args: ['predict', 'wide/model', 'good.csv'],
    stdout: '/dev/full',
    code: 'output-failed',
    says: /ENOSPC/,
  },
  {
    name: 'keeping a column that is not there',
    args: ['predict', 'wide/model', 'good.csv', '--keep', 'colur'],
    code: 'column-unknown',
    says: /colour/,
  },
  {
    name: 'evaluating without labels',
    args: ['evaluate', 'wide/model', 'unlabelled.csv'],
    code: 'task-unlabelled',
  },
  {
    name: 'evaluating without the column of labels',
    args: ['evaluate', 'wide/model', 'inputs.csv'],
    code: 'column-unknown',
  },
  { name: 'describing no model', args: ['describe', 'nowhere'], code: 'model-invalid' },
  {
    name: 'a config over one that is there',
    args: ['init', 'good.csv', '--task', 'flag', '--out', 'good.csv'],
    code: 'output-failed',
    says: /already/,
  },
  {
    name: 'a config for an unknown task',
    args: ['init', 'good.csv', '--task', 'flagg'],
    code: 'column-unknown',
    says: /Did you mean "flag"/,
  },
];
