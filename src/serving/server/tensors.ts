import type { Signature } from '../../artefact/index.ts';
import type { JsonSchema } from '../../common/json-schema.ts';
import type { Column } from '../../common/table.ts';
import { ANSWER_KEYS, answerOf } from '../../problem/index.ts';

/** A tensor as the Open Inference Protocol describes it; −1 stands for the rows. */
export interface TensorInfo {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  /** What the elements of a row are, in their order. */
  readonly parameters?: { readonly elements: readonly string[] };
}

/** A part of a task's prediction as a tensor. */
export interface OutputTensor extends TensorInfo {
  /** Of a long model the first task, whose form all have. */
  readonly task: string;
  /** The shape of a row. */
  readonly inner: readonly number[];
  /** Elements of a row, out of its prediction. */
  read(prediction: Readonly<Record<string, unknown>>): unknown;
}

const DATATYPES: Readonly<Record<Column['type'], string>> = {
  number: 'FP64',
  boolean: 'BOOL',
  date: 'BYTES',
  string: 'BYTES',
};

/** A tensor for each column that a model takes; of a long model also one that names the tasks. */
export function inputTensors({ inputs, by, types }: Signature): TensorInfo[] {
  const columns = inputs.map(({ name, type }) => ({ name, type }));
  const named = by === undefined || inputs.some(({ name }) => name === by);
  const all = named ? columns : [...columns, { name: by, type: types[by] ?? ('string' as const) }];
  return all.map(({ name, type }) => ({ name, datatype: DATATYPES[type], shape: [-1] }));
}

/**
 * A tensor for each part of each task's prediction: the answer under the name of the task, the rest as `task.part`.
 * A long model has one task in this sense, under the name of its label column.
 */
export function outputTensors({ tasks, by }: Signature): OutputTensor[] {
  const own = by === undefined ? tasks : tasks.slice(0, 1);
  return own.flatMap(({ fitted }) => {
    const { properties = {} } = answerOf(fitted.kind).schema(fitted);
    const main = ANSWER_KEYS.find((key) => Object.hasOwn(properties, key));
    const title = by === undefined ? fitted.name : fitted.column;
    return Object.entries(properties).map(([key, schema]) => {
      const name = key === main ? title : `${title}.${key}`;
      return { name, task: fitted.name, ...formOf(key, schema) };
    });
  });
}

function formOf(key: string, { type, properties = {} }: JsonSchema): Omit<OutputTensor, 'name' | 'task'> {
  const plain = (datatype: string): Omit<OutputTensor, 'name' | 'task'> => ({
    datatype,
    shape: [-1],
    inner: [],
    read: (prediction) => prediction[key],
  });
  if (type === 'object') {
    const elements = Object.keys(properties);
    return {
      datatype: 'FP32',
      shape: [-1, elements.length],
      inner: [elements.length],
      parameters: { elements },
      read: (prediction) => {
        const record = prediction[key] as Readonly<Record<string, number>>;
        return elements.map((element) => record[element]);
      },
    };
  }
  if (type === 'array')
    return { ...plain('BYTES'), read: (prediction) => (prediction[key] as readonly string[]).join('|') };
  return plain(type === 'number' ? 'FP32' : type === 'boolean' ? 'BOOL' : 'BYTES');
}
