import type { InputColumn, Signature } from '../../artefact/index.ts';
import { type JsonSchema, objectOf } from '../../common/json-schema.ts';
import { answerOf } from '../../problem/index.ts';

const SHOWN = 20;

/** A row as JSON Schema. Nothing is required but the name of the task: what is left out counts as missing. */
export function rowSchema({ inputs, by, tasks, anyTask, types }: Signature): JsonSchema {
  const columns = inputs.filter(({ name }) => name !== by);
  const named: Record<string, JsonSchema> =
    by === undefined
      ? {}
      : {
          [by]: {
            type: types[by] === 'number' ? ['string', 'number'] : 'string',
            description: anyTask
              ? 'The task of the row; a new one is described by the row.'
              : 'The task of the row.',
            examples: tasks.slice(0, SHOWN).map(({ fitted }) => fitted.name),
          },
        };
  return {
    type: 'object',
    properties: {
      ...named,
      ...Object.fromEntries(columns.map((column) => [column.name, cellSchema(column)])),
    },
    ...(by !== undefined && { required: [by] }),
    additionalProperties: true,
  };
}

function cellSchema({ type, range, categories, typical, missing, read }: InputColumn): JsonSchema {
  const words = [
    ...(range ? [`Training rows went from ${range.min} to ${range.max}.`] : []),
    ...(categories && categories.length > SHOWN ? [`${categories.length} categories.`] : []),
    ...(missing > 0 ? [`Missing in ${(100 * missing).toFixed(1)} % of the training rows.`] : []),
    ...(read ? [] : ['Predictions do not depend on it.']),
  ];
  const examples = categories?.slice(0, SHOWN) ?? (typical === null ? [] : [typical]);
  return {
    type: [
      ({ number: 'number', boolean: 'boolean', date: 'string', string: 'string' } as const)[type],
      'null',
    ],
    ...(words.length > 0 && { description: words.join(' ') }),
    ...(examples.length > 0 && { examples }),
  };
}

/** The prediction of a row as JSON Schema: by task; of a long model under its label column. */
export function predictionSchema({ tasks, by }: Signature): JsonSchema {
  const own = by === undefined ? tasks : tasks.slice(0, 1);
  return objectOf(
    Object.fromEntries(
      own.map(({ fitted, unit }) => {
        const schema = answerOf(fitted.kind).schema(fitted);
        const name = by === undefined ? fitted.name : fitted.column;
        return [name, unit === undefined ? schema : { ...schema, description: `in ${unit}` }];
      }),
    ),
  );
}
