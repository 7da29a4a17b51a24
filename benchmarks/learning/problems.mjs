/**
 * Real problems with known floors: for each the documented command, how its figure is read off the result, and what a
 * linear model or a paper reached. `DATA` stands for the folder of the data sets.
 */

const tasks = (...names) => names.flatMap((name) => ['--task', name]);
const meanMetric = (name) => (result) =>
  mean(result.multi.allMetrics.map((metrics) => metrics[name]).filter((value) => value !== null));
const taskMetric = (task, name) => (result) =>
  result.multi.allMetrics[result.tasks.findIndex((own) => own.task.name === task)][name];
const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

/** Tasks whose metric on the test rows is better than that of the best constant. */
export function betterThanConstant(result) {
  return result.tasks.filter(({ constant, higherIsBetter }, t) => {
    const value = result.multi.test[0][t];
    return value !== null && constant !== null && (higherIsBetter ? value > constant : value < constant);
  }).length;
}

/** The first rows of every field, in the order of a hash, are labelled; a fifth of them validates, the rest tests. */
const landmine = (rows) =>
  `SELECT * EXCLUDE (turn), CASE WHEN turn <= ${0.8 * rows} THEN 'train' WHEN turn <= ${rows} THEN 'validation' ELSE 'test' END AS side
  FROM (SELECT *, row_number() OVER (PARTITION BY field ORDER BY hash(x0, x1, x2)) AS turn FROM read_csv('DATA/landmine/landmine.csv.gz'))`;
/** Tasks as their mean inputs, beside the inputs of the row. */
const described = (conditioning) => ['--conditioning', conditioning, '--descriptor', 'means'];
const TOX21 =
  'NR-AR NR-AR-LBD NR-AhR NR-Aromatase NR-ER NR-ER-LBD NR-PPAR-gamma SR-ARE SR-ATAD5 SR-HSE SR-MMP SR-p53'.split(
    ' ',
  );

export const PROBLEMS = [
  {
    name: 'census-income',
    args: [
      'DATA/census-income/census-income.csv.gz',
      ...tasks('income_over_50k', 'never_married'),
      ...[
        '--split',
        '0.6/0.2/0.2',
        '--hidden',
        '256,128',
        '--set',
        'model.dropout=0.3',
        '--set',
        'model.embedding=4',
      ],
    ],
    figures: [
      { name: 'AUC income', read: taskMetric('income_over_50k', 'auc'), goal: 0.9435, floor: 0.9414 },
      { name: 'AUC never married', read: taskMetric('never_married', 'auc'), goal: 0.9945, floor: 0.994 },
    ],
  },
  {
    name: 'sarcos',
    args: [
      'DATA/sarcos/sarcos.csv.gz',
      ...tasks('torque1', 'torque2', 'torque3', 'torque4', 'torque5', 'torque6', 'torque7'),
      ...['--split', '0.8/0.2', '--hidden', '256,256', '--set', 'model.dropout=0', '--epochs', '300'],
    ],
    figures: [{ name: 'mean nMSE', read: meanMetric('nmse'), goal: 0.04, floor: 0.116, lower: true }],
  },
  {
    name: 'star',
    args: [
      'DATA/star/star.csv.gz',
      ...tasks('readk', 'read1', 'read2', 'read3', 'mathk', 'math1', 'math2', 'math3'),
      ...['--seed', '1', '--hidden', '256', '--set', 'model.dropout=0.5', '--set', 'model.embedding=16'],
      ...['--learning-rate', '0.0005', '--set', 'split={"ratio":"0.8/0.2","validation":0.08}'],
      ...['k', '1', '2', '3'].flatMap((grade) => ['--set', `encoders.schoolid${grade}=categorical`]),
    ],
    figures: [{ name: 'mean R²', read: meanMetric('r2'), goal: 0.3, floor: 0.291 }],
  },
  {
    name: 'tox21',
    args: [
      'DATA/moleculenet/tox21.csv.gz',
      ...tasks(...TOX21),
      ...['--exclude', 'mol_id', '--split', '0.8/0.2', '--hidden', '256'],
      ...['--set', 'model.dropout=0.2', '--learning-rate', '0.002'],
    ],
    figures: [{ name: 'mean AUC', read: meanMetric('auc'), goal: 0.825, floor: 0.819 }],
  },
  {
    name: 'school',
    args: [
      ...['DATA/school/school.csv.gz', '--task', 'exam_score:regression', '--by', 'school'],
      ...['--set', 'split={"ratio":"0.75/0.25","validation":0.08}', ...described('concat')],
    ],
    figures: [
      {
        name: 'explained variance',
        read: (result) => result.multi.pooled['explained-variance'],
        goal: 0.37,
        floor: 0.369,
      },
    ],
  },
  ...[
    { rows: 40, conditioning: 'film', goal: 0.745, floor: 0.7245 },
    { rows: 160, conditioning: 'concat', goal: 0.765, floor: 0.7569 },
  ].map(({ rows, conditioning, goal, floor }) => ({
    name: `landmine, ${rows} rows a task`,
    args: [
      ...['--sql', landmine(rows), '--task', 'mine', '--by', 'field', '--split', 'side'],
      ...['--hidden', '64', '--learning-rate', '0.003', '--batch-size', '1024'],
      ...['--set', 'training.average=0.99', ...described(conditioning)],
    ],
    figures: [{ name: 'mean AUC', read: meanMetric('auc'), goal, floor }],
  })),
  {
    name: 'loans',
    args: [
      'DATA/loans/loans.csv.gz',
      ...tasks('interest_rate', 'grade:ordinal', 'term:binary', 'loan_purpose'),
      ...[
        '--exclude',
        'installment,sub_grade,balance,paid_total,paid_principal,paid_interest,paid_late_fees',
      ],
    ],
    figures: [],
  },
  {
    name: 'nmes1988',
    args: [
      'DATA/nmes1988/nmes1988.csv.gz',
      ...tasks('visits', 'nvisits', 'ovisits', 'novisits', 'emergency', 'hospital').map((part) =>
        part === '--task' ? part : `${part}:count`,
      ),
      ...['--task', 'health:ordinal', '--hidden', '32'],
    ],
    figures: [],
  },
  {
    name: 'diabetes-130',
    args: [
      'DATA/diabetes-130/diabetic_data.csv.gz',
      ...tasks('readmitted', 'time_in_hospital:regression', 'num_medications:regression', 'insulin'),
      ...['--group', 'patient_nbr', '--missing', '?', '--epochs', '15'],
    ],
    figures: [],
  },
  {
    name: 'air-quality',
    args: [
      'DATA/air-quality/air-quality.csv.gz',
      ...tasks('CO(GT)', 'NMHC(GT)', 'C6H6', 'NOx(GT)', 'NO2(GT)'),
      ...['--missing', '-200', '--split', '0.7/0.15/0.15'],
    ],
    figures: [],
  },
];
