import type { JsonSchema } from '../common/json-schema.ts';
import { answerOf } from '../problem/index.ts';
import type { Artefact } from './read.ts';
import type { InputColumn, Signature, SignatureTask } from './signature.ts';

export interface TypesOptions {
  /** What the declarations are for: Node, or a page. */
  readonly module?: 'polytask' | 'polytask/browser';
}

/** Longer unions help nobody who reads them. */
const MOST_CATEGORIES = 100;

/**
 * TypeScript declarations of a model: what a row may hold (`ModelRow`) and what is predicted of it (`ModelTasks`, and in short
 * `ModelPredictions`). A column that no training row lacked must be given; others may be left out or be null. A category may be
 * one that training never saw, so that their union is open; classes are closed.
 *
 * @example
 * // after: polytask types income.onnx -o income.d.ts
 * import type { ModelRow, ModelTasks } from './income.d.ts';
 * const model = await load<ModelTasks, ModelRow>('income.onnx');
 * const { income } = await model.predict({ age: 41, education: 'Bachelors' });
 */
export function typesFile(artefact: Artefact, { module = 'polytask' }: TypesOptions = {}): string {
  const { signature } = artefact;
  return [
    `// What a model of Polytask ${signature.polytask} takes and predicts: written by "polytask types".`,
    `import type { Predictions, Task } from ${literal(module)};`,
    '',
    '/** A row: columns and their values. */',
    `export type ModelRow = {\n${columnsOf(artefact).map(indented).join('')}};`,
    '',
    '/** The tasks, each with what is predicted. */',
    `export type ModelTasks = {\n${tasksOf(signature).map(indented).join('')}};`,
    '',
    '/** What is predicted of a row. */',
    'export type ModelPredictions = Predictions<ModelTasks>;',
    '',
  ].join('\n');
}

/** A property of a type. */
interface Property {
  readonly name: string;
  readonly type: string;
  readonly optional?: boolean;
  readonly about?: readonly (string | undefined)[];
}

function columnsOf({ signature, card, descriptors }: Artefact): string[] {
  const { inputs, by, types } = signature;
  const listed = new Set([...inputs.map(({ name }) => name), by]);
  const described = (descriptors?.columns ?? []).filter((name) => !listed.has(name));
  return [
    ...(by === undefined ? [] : [property(taskColumn(signature, by, descriptors !== undefined))]),
    // Models of the first format do not say what was missing.
    ...inputs.map((input) => property(columnOf(input, card === undefined))),
    ...described.map((name) =>
      property({
        name,
        type: `${PLAIN[types[name] ?? 'string']} | null`,
        optional: true,
        about: ['Describes a task that the model was not trained on.'],
      }),
    ),
  ];
}

const PLAIN = { number: 'number', string: 'string', boolean: 'boolean', date: 'Date | string' } as const;

function columnOf(
  { name, type, read, missing, categories, range, typical }: InputColumn,
  lax: boolean,
): Property {
  const open = type === 'string' && categories !== undefined && categories.length > 0;
  const plain = open
    ? `${categories.slice(0, MOST_CATEGORIES).map(literal).join(' | ')} | (string & {})`
    : PLAIN[type];
  const optional = lax || missing > 0 || !read;
  return {
    name,
    type: optional ? `${plain} | null` : plain,
    optional,
    about: [
      range && `In training ${range.min} to ${range.max}.`,
      typical === null ? undefined : `Typical: ${typical}.`,
      missing > 0 ? `Missing in ${percent(missing)} of the training rows.` : undefined,
      open && categories.length > MOST_CATEGORIES ? `${categories.length} values or more.` : undefined,
      read ? undefined : 'Predictions do not depend on it.',
    ],
  };
}

/** The column that names each row's task. */
function taskColumn({ tasks, types, anyTask }: Signature, name: string, described: boolean): Property {
  const number = types[name] === 'number';
  const names = tasks.map(({ fitted }) => (number ? fitted.name : literal(fitted.name)));
  const other = number ? '(number & {})' : '(string & {})';
  const open = anyTask === true && described;
  return {
    name,
    type: [...names, ...(open ? [other] : [])].join(' | '),
    about: [
      open
        ? 'The task of the row; one that training never saw has a description too.'
        : 'The task of the row.',
    ],
  };
}

function tasksOf({ tasks, by }: Signature): string[] {
  if (by === undefined) return tasks.map((task) => property(taskOf(task, task.fitted.name)));
  const { fitted } = tasks[0]!;
  return [property(taskOf(tasks[0]!, fitted.column))];
}

function taskOf({ fitted, unit }: SignatureTask, name: string): Property {
  return {
    name,
    type: `Task<${typeOf(answerOf(fitted.kind).schema(fitted))}>`,
    about: [
      `${/^[aeiou]/.test(fitted.kind) ? 'An' : 'A'} ${fitted.kind} task${unit === undefined ? '' : `, in ${unit}`}.`,
    ],
  };
}

/** JSON Schema as a type. */
function typeOf(schema: JsonSchema): string {
  if (schema.enum !== undefined) return schema.enum.map(value).join(' | ') || 'never';
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(' | ');
  if (Array.isArray(schema.type))
    return schema.type.map((type) => typeOf({ ...schema, type } as JsonSchema)).join(' | ');
  switch (schema.type) {
    case 'object': {
      const inner = Object.entries(schema.properties ?? {}).map(([name, own]) =>
        property({
          name,
          type: typeOf(own),
          optional: schema.required?.includes(name) !== true,
          about: [own.description],
        }),
      );
      return `{\n${inner.map(indented).join('')}}`;
    }
    case 'array':
      return `readonly (${typeOf(schema.items ?? {})})[]`;
    case 'integer':
      return 'number';
    case undefined:
      return 'unknown';
    default:
      return schema.type as string;
  }
}

function property({ name, type, optional = false, about = [] }: Property): string {
  const words = about.filter((text) => text !== undefined).join(' ');
  const comment = words === '' ? '' : `/** ${words.replaceAll('*/', '*\\/').replaceAll(/\s+/g, ' ')} */\n`;
  const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name);
  return `${comment}readonly ${key}${optional ? '?' : ''}: ${type};\n`;
}

const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, '  ');

const value = (one: string | number | boolean | null): string =>
  typeof one === 'string' ? literal(one) : String(one);

/** A text as TypeScript writes it. */
function literal(text: string): string {
  const inside = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inside.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`;
}

const percent = (share: number): string => `${(100 * share).toPrecision(2)} %`;
