import type { Signature } from '../../artefact/index.ts';
import { suggest } from '../../common/error.ts';
import { answerOf } from '../../problem/index.ts';
import type { Row } from '../rows.ts';
import type { OwnOutputs } from './answering.ts';
import type { AnsweringOptions } from './protocol.ts';
import { checkCount, describe, isRecord } from './read-rows.ts';
import { invalidRequest } from './refusal.ts';
import { inputTensors, type OutputTensor, outputTensors } from './tensors.ts';

/** Reads requests of the Open Inference Protocol, version 2, and writes their answers. */
export interface Inference {
  /** @throws `request-invalid`, `request-too-large` */
  read(body: unknown): { readonly rows: readonly Row[]; write(own: OwnOutputs): string };
}

const HELP = 'Send a tensor a column: {"inputs": [{"name", "shape": [rows], "datatype", "data": […]}]}.';

/** What an element of a datatype must be. */
const ELEMENTS: Readonly<Record<string, (value: unknown) => boolean>> = {
  BOOL: (value) => typeof value === 'boolean',
  BYTES: (value) => typeof value === 'string',
  FP32: (value) => typeof value === 'number',
  FP64: (value) => typeof value === 'number',
  ...Object.fromEntries(
    ['INT8', 'INT16', 'INT32', 'INT64', 'UINT8', 'UINT16', 'UINT32', 'UINT64'].map((name) => [
      name,
      (value: unknown) => Number.isInteger(value),
    ]),
  ),
};

/** The protocol for one model: a tensor a column, a tensor for each part of a task's prediction. */
export function inferenceOf(
  signature: Signature,
  { name, version, rows: most }: AnsweringOptions,
): Inference {
  const known = inputTensors(signature).map((tensor) => tensor.name);
  const outputs = outputTensors(signature);
  const { by } = signature;
  return {
    read(body) {
      if (!isRecord(body)) throw invalidRequest('body', 'an inference request', describe(body), HELP);
      const { id } = body;
      if (id !== undefined && typeof id !== 'string')
        throw invalidRequest('id', 'a text', describe(id), 'Leave it out, or give a text.');
      const columns = readColumns(body.inputs, known, most);
      const asked = readOutputs(body.outputs, outputs);
      const rows = Array.from({ length: columns[0]!.data.length }, (_, row) =>
        Object.fromEntries(columns.map((column) => [column.name, column.data[row]])),
      );
      const write = ({ ran, start, rows: count, group }: OwnOutputs): string => {
        const warnings = ran.warnings[group]!;
        return JSON.stringify({
          model_name: name,
          model_version: version,
          ...(id !== undefined && { id }),
          ...(warnings.length > 0 && {
            parameters: { warnings: warnings.map(({ message }) => message).join(' ') },
          }),
          outputs: asked.map((output) => {
            const fitted = signature.tasks.find((task) => task.fitted.name === output.task)!.fitted;
            const { data, width } = ran.outputs.get(by === undefined ? output.task : fitted.column)!;
            const answer = answerOf(fitted.kind);
            return {
              name: output.name,
              datatype: output.datatype,
              shape: [count, ...output.inner],
              data: Array.from({ length: count }, (_, row) =>
                output.read(answer.decode(data, (start + row) * width, fitted) as Record<string, unknown>),
              ).flat(),
            };
          }),
        });
      };
      return { rows, write };
    },
  };
}

interface GivenColumn {
  readonly name: string;
  readonly data: readonly unknown[];
}

function readColumns(inputs: unknown, known: readonly string[], most: number): readonly GivenColumn[] {
  if (!Array.isArray(inputs) || inputs.length === 0)
    throw invalidRequest('inputs', 'a list of tensors', describe(inputs), HELP);
  const columns = inputs.map((tensor: unknown, i) => readColumn(tensor, `inputs[${i}]`, known, most));
  const names = columns.map(({ name }) => name);
  columns.forEach(({ name, data }, i) => {
    if (names.indexOf(name) !== i)
      throw invalidRequest(`inputs[${i}].name`, 'every column once', `"${name}" twice`, HELP);
    if (data.length !== columns[0]!.data.length)
      throw invalidRequest(
        `inputs[${i}].shape`,
        `${columns[0]!.data.length} rows, as "${names[0]}" has`,
        `${data.length}`,
        'Give every column the same number of rows.',
      );
  });
  return columns;
}

function readColumn(tensor: unknown, path: string, known: readonly string[], most: number): GivenColumn {
  if (!isRecord(tensor)) throw invalidRequest(path, 'a tensor', describe(tensor), HELP);
  const { name, shape, datatype, data } = tensor;
  if (typeof name !== 'string') throw invalidRequest(`${path}.name`, 'a text', describe(name), HELP);
  if (!known.includes(name))
    throw invalidRequest(`${path}.name`, 'an input of the model', `"${name}"`, suggest(name, known));
  const fits = typeof datatype === 'string' && Object.hasOwn(ELEMENTS, datatype) && ELEMENTS[datatype];
  if (!fits)
    throw invalidRequest(
      `${path}.datatype`,
      `one of ${Object.keys(ELEMENTS).join(', ')}`,
      typeof datatype === 'string' ? `"${datatype}"` : describe(datatype),
      'Numbers go as FP64 or INT64, texts and dates as BYTES, truth as BOOL.',
    );
  const rows = rowsOfShape(shape, `${path}.shape`);
  checkCount(rows, most);
  if (!Array.isArray(data)) throw invalidRequest(`${path}.data`, 'a list', describe(data), HELP);
  const flat = data.map((one: unknown) =>
    Array.isArray(one) && one.length === 1 ? (one[0] as unknown) : one,
  );
  if (flat.length !== rows)
    throw invalidRequest(`${path}.data`, `${rows} elements, as its shape says`, `${flat.length}`, HELP);
  const wrong = flat.findIndex((one) => one !== null && !fits(one));
  if (wrong >= 0)
    throw invalidRequest(
      `${path}.data[${wrong}]`,
      `an element of ${datatype}, or null where it is missing`,
      describe(flat[wrong]),
      'Give elements of the datatype.',
    );
  return { name, data: flat };
}

/** [n] or [n, 1]. */
function rowsOfShape(shape: unknown, path: string): number {
  const sizes: readonly unknown[] = Array.isArray(shape) ? shape : [];
  const [rows, width = 1] = sizes;
  if (sizes.length <= 2 && Number.isInteger(rows) && (rows as number) >= 1 && width === 1)
    return rows as number;
  const found = Array.isArray(shape) ? JSON.stringify(shape) : describe(shape);
  throw invalidRequest(path, '[rows] or [rows, 1], with one row at least', found, HELP);
}

function readOutputs(asked: unknown, known: readonly OutputTensor[]): readonly OutputTensor[] {
  if (asked === undefined || (Array.isArray(asked) && asked.length === 0)) return known;
  if (!Array.isArray(asked)) throw invalidRequest('outputs', 'a list', describe(asked), HELP);
  return asked.map((one: unknown, i) => {
    const name = isRecord(one) ? one.name : undefined;
    const found = known.find((output) => output.name === name);
    if (found !== undefined) return found;
    throw invalidRequest(
      `outputs[${i}].name`,
      'an output of the model',
      typeof name === 'string' ? `"${name}"` : describe(name),
      suggest(
        String(name),
        known.map((output) => output.name),
      ),
    );
  });
}
