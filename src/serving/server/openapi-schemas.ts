import { ERROR_CODES } from '../../common/error-codes.ts';
import { type JsonSchema, objectOf } from '../../common/json-schema.ts';
import { WARNING_CODES } from '../../data/index.ts';

export const TEXT: JsonSchema = { type: 'string' };
export const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
export const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items });

const ERROR: JsonSchema = {
  type: 'object',
  properties: {
    code: { type: 'string', enum: Object.keys(ERROR_CODES) },
    path: { type: 'string', description: 'Where it happened, such as rows[3].age.' },
    expected: TEXT,
    found: TEXT,
    help: { type: 'string', description: 'What to do.' },
  },
  required: ['code', 'help'],
};

const TENSOR: JsonSchema = {
  type: 'object',
  properties: {
    name: TEXT,
    shape: list({ type: 'integer' }),
    datatype: TEXT,
    data: { type: 'array', items: {} },
  },
  required: ['name', 'shape', 'datatype', 'data'],
};

/** Schemas that are the same for every model. */
export const SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  Warning: {
    type: 'object',
    properties: {
      code: { type: 'string', enum: Object.keys(WARNING_CODES) },
      column: TEXT,
      message: TEXT,
      help: TEXT,
    },
    required: ['code', 'message', 'help'],
  },
  Error: objectOf({ error: ERROR }),
  InferenceError: {
    ...ERROR,
    properties: { error: TEXT, ...ERROR.properties },
    required: ['error', 'code', 'help'],
  },
  TensorInfo: objectOf({ name: TEXT, datatype: TEXT, shape: list({ type: 'integer' }) }),
  InferenceRequest: {
    type: 'object',
    properties: {
      id: TEXT,
      inputs: { ...list(TENSOR), minItems: 1 },
      outputs: list({ type: 'object', properties: { name: TEXT }, required: ['name'] }),
    },
    required: ['inputs'],
  },
  InferenceResponse: {
    type: 'object',
    properties: {
      model_name: TEXT,
      model_version: TEXT,
      id: TEXT,
      parameters: { type: 'object' },
      outputs: list(TENSOR),
    },
    required: ['model_name', 'model_version', 'outputs'],
  },
};
