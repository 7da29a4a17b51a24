import type { SpecInput } from '../common/options.ts';
import { own } from '../common/own.ts';
import type { EncoderSet } from '../data/index.ts';
import type { Port } from '../engine/program.ts';
import { answerOf } from '../problem/index.ts';
import { FORMAT, type GraphPorts, type InputColumn, type Signature } from './signature.ts';

/** A signature of format 1: it does not list inputs, and what its graphs take follows from the encoders. */
export type SignatureV1 = Omit<Signature, 'format' | 'inputs' | 'graph' | 'describedGraph'> & {
  readonly format: 1;
};

/**
 * A signature of format 1 as one of today; what it does not say of columns is unknown.
 *
 * @param width of z, where tasks are described
 */
export function upgradeSignature(
  old: SignatureV1,
  encoders: EncoderSet,
  width: number | undefined,
): Signature {
  const unread = unreadOf(old);
  const inputs = encoders.encoders.map(({ column, type }, i): InputColumn => {
    const { kind, values } = encoders.toJSON().encoders[i]! as { kind: string; values?: readonly string[] };
    return {
      name: column,
      type,
      encoder: kind,
      read: !unread.includes(column),
      missing: 0,
      typical: values?.[0] ?? null,
      ...(values && { categories: values.slice(0, 1000) }),
    };
  });
  const read = encoders.encoders.filter(({ column }) => !unread.includes(column));
  const reads = (part: 'numeric' | 'categorical'): boolean =>
    read.some(({ shape }) => shape[part].length > 0);
  const { shape } = encoders;
  const features = [
    ...(reads('numeric') ? [port('numeric', 'float32', shape.numeric.length)] : []),
    ...(reads('categorical') ? [port('categorical', 'int32', shape.categorical.length)] : []),
    ...shape.text.flatMap(({ name, length }) => [
      port(`text/${name}/ids`, 'int32', length),
      port(`text/${name}/weights`, 'float32', length),
    ]),
  ];
  const long = old.by !== undefined;
  const outputs = (long ? old.tasks.slice(0, 1) : old.tasks).map(({ fitted, output }) =>
    port(output, 'float32', answerOf(fitted.kind).outputWidth(fitted)),
  );
  const graph: GraphPorts = {
    inputs: [
      ...features,
      ...(long && old.anyTask !== true ? [port('task', 'int32')] : []),
      ...(long && width !== undefined ? [port('descriptor', 'float32', width)] : []),
    ],
    outputs,
  };
  const describedGraph = old.described && {
    inputs: [...features, port('descriptor', 'float32', width ?? 0)],
    outputs: old.described.map(({ output, tasks }) => {
      const { fitted } = old.tasks.find((task) => task.fitted.name === tasks[0])!;
      return port(output, 'float32', answerOf(fitted.kind).outputWidth(fitted));
    }),
  };
  return { ...old, format: FORMAT, inputs, graph, ...(describedGraph && { describedGraph }) };
}

/** Columns that predictions do not depend on: a ranker's positions, and what the model was trained without. */
function unreadOf({ model }: SignatureV1): readonly string[] {
  if (model === undefined) return [];
  const { sharing, without = [] } = model as { sharing: SpecInput; without?: readonly string[] };
  const position =
    typeof sharing === 'string'
      ? /\bposition=([^,]*)/.exec(sharing)?.[1]?.split('+')
      : own(sharing as Readonly<Record<string, unknown>>, 'position');
  return [...without, ...[position ?? []].flat().map(String)];
}

const port = (name: string, dtype: 'float32' | 'int32', ...width: number[]): Port => ({
  name,
  dtype,
  shape: ['batch', ...width],
});
