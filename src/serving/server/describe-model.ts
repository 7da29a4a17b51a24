import type { CardMetric, InputColumn } from '../../artefact/index.ts';
import type { JsonSchema } from '../../common/json-schema.ts';
import { answerOf } from '../../problem/index.ts';
import type { Generation } from './generation.ts';

/** What a page, or whoever writes a client, needs to know of a model. */
export interface ModelDescription {
  readonly name: string;
  readonly version: string;
  readonly polytask: string;
  readonly sharing: string;
  readonly inputs: readonly InputColumn[];
  /** Long models: the column that names each row's task. */
  readonly by?: string;
  /** Long models: the key under which a row is answered. */
  readonly answer?: string;
  readonly tasks: readonly {
    readonly name: string;
    readonly kind: string;
    readonly unit?: string;
    readonly schema: JsonSchema;
  }[];
  /** On rows that it never saw. */
  readonly metrics: readonly CardMetric[];
}

/** A model in words and numbers, without its weights. */
export function describeModel(
  { signature, card, version }: Pick<Generation, 'signature' | 'card' | 'version'>,
  name: string,
): ModelDescription {
  const { polytask, sharing, inputs, by, tasks } = signature;
  return {
    name,
    version,
    polytask,
    sharing,
    inputs: inputs.filter(({ name: column }) => column !== by),
    ...(by !== undefined && { by, answer: tasks[0]!.fitted.column }),
    tasks: tasks.map(({ fitted, unit }) => ({
      name: fitted.name,
      kind: fitted.kind,
      ...(unit !== undefined && { unit }),
      schema: answerOf(fitted.kind).schema(fitted),
    })),
    metrics: card?.metrics ?? [],
  };
}
