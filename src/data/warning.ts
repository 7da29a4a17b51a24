/** Every warning code with what it means; one line a code. */
export const WARNING_CODES = {
  'encoding-guessed': 'A text file is not UTF-8 and was read as Windows-1252.',
  'header-absent': 'A text file starts with data, so its columns were numbered.',
  'values-unreadable': 'Some values did not fit the type that was asked for and count as missing.',
  'column-unknown': 'Rows to predict carry a column that the model does not know.',
  'column-missing': 'Rows to predict lack a column that the model was trained on.',
  'category-unseen': 'Rows to predict hold a category that the training rows do not.',
  'value-unreadable': 'A cell of a row to predict is not of the column’s type and counts as missing.',
  'leak-numeric': 'A numeric input follows a numeric target almost exactly.',
  'leak-class': 'An input alone tells the class almost without error.',
  'leak-combination': 'Numeric inputs together give a numeric target by plain arithmetic.',
  'leak-copy': 'An input is a copy of a target.',
  duplicates: 'The same input row stands on two sides of the split.',
  constant: 'A column has a single value among the training rows.',
  'mostly-missing': 'A column is missing in most training rows.',
  'values-infinite': 'A column holds infinite values, which count as missing.',
  'task-unlabelled': 'A task has no label at all, or none on a side of the split.',
  'task-one-class': 'A task has a single class among the training rows.',
  'tasks-held-out': 'Training does not see some tasks, which are predicted by their descriptions alone.',
  'descriptor-varies': 'A column that describes tasks has several values within a task.',
  'task-few-labels': 'A task has too few labelled rows to learn or to judge from.',
  'expert-unused': 'Next to nothing goes through an expert of a trained model.',
} as const;

export type WarningCode = keyof typeof WARNING_CODES;

/** Something the user should know, that does not stop the work. */
export interface Warning {
  readonly code: WarningCode;
  readonly column?: string;
  readonly task?: string;
  readonly message: string;
  readonly help: string;
}

export type Warn = (warning: Warning) => void;
