import { type JsonSchema, objectOf } from '../../common/json-schema.ts';
import type { Generation } from './generation.ts';
import { list, ref, SCHEMAS, TEXT } from './openapi-schemas.ts';
import type { Settings } from './options.ts';
import { predictionSchema, rowSchema } from './row-schema.ts';

interface Response {
  readonly description: string;
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>;
  readonly headers?: Readonly<Record<string, { readonly schema: JsonSchema; readonly description: string }>>;
}

const json = (description: string, schema: JsonSchema): Response => ({
  description,
  content: { 'application/json': { schema } },
});

/** Why a request may be refused, by status. */
const REFUSALS: Readonly<Record<string, string>> = {
  400: 'The body is not JSON, or not of this form, or names a task that the model does not know.',
  401: 'The token is missing or another one.',
  408: 'The request came too slowly.',
  413: 'Too many bytes or rows.',
  415: 'The body is not called JSON.',
  503: 'More requests are waiting than the server takes, or a worker ended; try again later.',
  504: 'It took too long.',
};

/** The server as OpenAPI 3.1, with rows and predictions of its model. */
export function openApiOf({ signature, version }: Generation, settings: Settings): object {
  const { name, token, limits } = settings;
  const model = { name: 'name', in: 'path', required: true, schema: { type: 'string', enum: [name] } };
  const refusals = (schema: string, statuses: readonly string[] = Object.keys(REFUSALS)): object =>
    Object.fromEntries(
      statuses
        .filter((status) => status !== '401' || token !== undefined)
        .map((status) => [status, refusal(status, schema)]),
    );
  const get = (
    operationId: string,
    summary: string,
    response: Response,
    { open = false, parameters = [] as object[], more = {} } = {},
  ): object => ({
    get: {
      operationId,
      summary,
      ...(parameters.length > 0 && { parameters }),
      responses: { 200: response, ...more, ...(open ? {} : refusals('Error', ['401'])) },
      ...(open && { security: [] }),
    },
  });
  const live = json('It lives.', objectOf({ live: { type: 'boolean' } }));
  const ready = json('It can predict.', objectOf({ ready: { type: 'boolean' } }));
  const notReady = {
    more: { 503: json('It cannot yet, or no longer.', objectOf({ ready: { type: 'boolean' } })) },
  };
  return {
    openapi: '3.1.0',
    info: {
      title: `Predictions of ${name}`,
      version,
      summary: `Tasks: ${signature.tasks.map(({ fitted }) => fitted.name).join(', ')}`.slice(0, 500),
    },
    ...(token !== undefined && { security: [{ bearer: [] }] }),
    paths: {
      '/predict': {
        post: {
          operationId: 'predict',
          summary: 'Predicts one row, or many.',
          description: `At most ${limits.rows} rows and ${limits.bodyBytes} bytes. What is left out or null counts as missing, and so does what cannot be read, such as a number beyond double precision; both are told in "warnings".`,
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: {
                  anyOf: [
                    ref('Row'),
                    { ...objectOf({ rows: list(ref('Row')) }), additionalProperties: false },
                    list(ref('Row')),
                  ],
                },
              },
            },
          },
          responses: {
            200: json(
              'A prediction for one row; a list of them, in the order of the rows, for rows.',
              objectOf({
                predictions: { anyOf: [ref('Prediction'), list(ref('Prediction'))] },
                warnings: list(ref('Warning')),
              }),
            ),
            ...refusals('Error'),
          },
        },
      },
      '/v2/models/{name}/infer': {
        post: {
          operationId: 'infer',
          summary: 'Predicts rows that come as a tensor a column (Open Inference Protocol, version 2).',
          parameters: [model],
          requestBody: {
            required: true,
            content: { 'application/json': { schema: ref('InferenceRequest') } },
          },
          responses: {
            200: json('A tensor for each part of each prediction.', ref('InferenceResponse')),
            ...refusals('InferenceError'),
          },
        },
      },
      '/v2': get(
        'server',
        'What serves.',
        json('Name and version.', objectOf({ name: TEXT, version: TEXT, extensions: list(TEXT) })),
      ),
      '/v2/models/{name}': get(
        'modelMetadata',
        'Inputs and outputs as tensors.',
        json(
          'The model.',
          objectOf({
            name: TEXT,
            versions: list(TEXT),
            platform: TEXT,
            inputs: list(ref('TensorInfo')),
            outputs: list(ref('TensorInfo')),
          }),
        ),
        { parameters: [model] },
      ),
      '/v2/models/{name}/ready': get('modelReady', 'Whether the model can predict.', ready, {
        parameters: [model],
        ...notReady,
      }),
      '/v2/health/live': get('serverLive', 'Whether the server lives.', live, { open: true }),
      '/v2/health/ready': get('serverReady', 'Whether the server can predict.', ready, {
        open: true,
        ...notReady,
      }),
      '/health': get('health', 'Whether the server lives.', live, { open: true }),
      '/ready': get('ready', 'Whether the server can predict.', ready, { open: true, ...notReady }),
      '/model': get('model', 'Inputs, tasks and test metrics.', json('The model.', { type: 'object' })),
      '/metrics': get('metrics', 'Counters and histograms for Prometheus.', {
        description: 'In the text format of Prometheus.',
        content: { 'text/plain': { schema: TEXT } },
      }),
      '/openapi.json': get('openapi', 'This document.', json('OpenAPI 3.1.', { type: 'object' })),
      '/': get(
        'page',
        'A page to try the model.',
        { description: 'HTML.', content: { 'text/html': { schema: TEXT } } },
        { open: true },
      ),
    },
    components: {
      ...(token !== undefined && { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } }),
      schemas: { Row: rowSchema(signature), Prediction: predictionSchema(signature), ...SCHEMAS },
    },
  };
}

function refusal(status: string, schema: string): Response {
  return {
    ...json(REFUSALS[status]!, ref(schema)),
    ...(status === '503' && {
      headers: {
        'Retry-After': { schema: { type: 'integer' }, description: 'Seconds until it is worth another try.' },
      },
    }),
  };
}
