/** Every error code with the sentence that the documentation prints for it; one line a code, sorted by room. */
export const ERROR_CODES = {
  // engine
  'shape-mismatch': 'Two tensors do not fit together, or a shape is not what an operator needs.',
  'dtype-mismatch': 'A tensor has a dtype that the operator does not take.',
  'operator-invalid': 'An operator was given attributes that it cannot work with.',
  'gradient-undefined': 'A gradient was asked through an operator that has none.',
  'dimension-unbound': 'A named dimension has no size where one is needed.',
  'input-missing': 'A program was run without one of its inputs.',
  'optimiser-invalid': 'An optimiser does not exist, or was given options that it cannot work with.',
  'schedule-invalid': 'A learning-rate schedule does not exist, or was given options it cannot work with.',
  'parameters-invalid': 'Parameters do not fit the layout in which they are packed.',
  'runtime-unavailable': 'The asked-for runtime cannot be loaded on this machine.',
  'runtime-failed': 'ONNX Runtime refused a graph or failed while running it.',
  cancelled: 'The work was cancelled; what was saved is intact.',
  // problem
  'kind-unknown': 'A kind of task has a name that no kind has.',
  'kind-unclear': 'No kind of task fits a column.',
  'task-options': 'A kind of task was given options that it cannot work with.',
  'task-unlabelled': 'A task has no label among the training rows.',
  'task-constant': 'A task has the same label in every training row.',
  'label-invalid': 'A label is a value that the kind of task cannot take.',
  'classes-too-many': 'A task has more classes than can be told apart.',
  'class-unknown': 'A class was named that the labels do not have.',
  'problem-invalid': 'A problem is described in a way that cannot be learned.',
  // data
  'source-invalid': 'A source of rows is described in a way that cannot be read.',
  'source-not-found': 'A source of rows does not exist.',
  'source-unreadable': 'A source of rows exists but cannot be opened: permissions, a directory, a lock.',
  'source-format': 'A file has an ending that says nothing of its format.',
  'source-empty': 'A source holds no columns, or no rows where rows are needed.',
  'source-corrupt': 'A file is damaged, cut short, or is not what its ending says.',
  'source-encoding': 'A text file is not in the encoding that was asked for.',
  'source-ragged': 'A row has more or fewer cells than the header, or a quote never ends.',
  'source-columns': 'Several sources that should have the same columns do not.',
  'header-duplicate': 'Two columns have the same name.',
  'sql-invalid': 'DuckDB refuses a query.',
  'table-unknown': 'A database has no table of that name.',
  'column-unknown': 'A table has no column of that name.',
  'column-type': 'A column has a type or a value that its role cannot take.',
  'column-role': 'A column was given two roles, or none is left to be an input.',
  'value-not-finite': 'A target holds an infinite value.',
  'encoder-invalid': 'An encoder does not exist, or was given options that it cannot work with.',
  'features-mismatch': 'Rows to encode do not have the form that the encoders were fitted on.',
  'split-invalid': 'A split is described in a way that cannot be carried out.',
  'split-empty': 'A side of the split has no rows.',
  // model
  'sharing-unknown': 'The named way of sharing does not exist.',
  'sharing-invalid':
    'A way of sharing was given options that it cannot work with, or does not fit the problem.',
  'conditioning-invalid':
    'A way of conditioning on z does not exist, or does not fit the model or its options.',
  'descriptor-invalid': 'A description of a task is missing or malformed, or cannot be read by this model.',
  'flow-unknown': 'The named flow between tasks does not exist.',
  'flow-invalid':
    'A flow between tasks was given options that it cannot work with, or does not fit the problem.',
  // objective, optimization
  'objective-unknown': 'The named objective does not exist.',
  'objective-invalid':
    'An objective was given options that it cannot work with, or does not fit the problem.',
  'weight-invalid': 'A task weight is not a finite number ≥ 0.',
  'task-unknown': 'A setting names a task that the problem does not have.',
  'sampling-invalid': 'The task sampling cannot be carried out.',
  'training-diverged': 'A loss became infinite or not a number; the last good state is kept.',
  'training-invalid': 'A training setting is outside its range.',
  // diagnosis
  'affinity-invalid':
    'An affinity between tasks is not a square matrix of numbers that says what its rows are.',
  'grouping-invalid': 'Tasks cannot be grouped as asked for.',
  // experiment
  'config-invalid': 'A config does not fit the schema.',
  'run-folder': 'A run folder cannot be written, read or resumed.',
  'run-changed': 'The data of a run is not what it was when the run began.',
  'runs-differ':
    'Runs cannot be set side by side, or reused: their data, split, tasks or settings are others.',
  'model-invalid': 'An exported model is missing, damaged or of an unknown version.',
  'export-invalid': 'A model cannot be exported as asked for.',
  // serving
  'request-invalid': 'A request is malformed: its JSON, its form or a value.',
  'request-type': 'A request has a body that is not called JSON.',
  'request-too-large': 'A request has more bytes, or more rows, than the server takes.',
  'request-timeout': 'A request took longer than the server gives it.',
  'route-unknown': 'A server has nothing at that path.',
  'method-unknown': 'A path of a server does not take that method.',
  'token-invalid': 'A request lacks the token that the server asks for.',
  'server-busy': 'More requests are waiting than the server takes.',
  'worker-failed': 'A worker ended while it was predicting; a new one takes its place.',
  'pages-missing': 'The pages of the studio are not built.',
  'address-unavailable': 'A server cannot listen at an address.',
  // cli
  'usage-invalid':
    'A command, an argument or an option does not exist, is missing, or has a value that does not fit.',
  'config-unreadable': 'A config file does not exist, or cannot be opened or loaded.',
  'config-syntax': 'A config file is not valid YAML, JSON or JavaScript.',
  'output-failed': 'Output cannot be written: the path, its permissions or the disk.',
  unexpected: 'Something failed that should not have: a mistake in Polytask itself.',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;
