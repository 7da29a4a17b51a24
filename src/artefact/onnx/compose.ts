import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { renameValues } from './graph-file.ts';

/** An output of the first graph that is an input of the second, and what it is called between them. */
export interface Joint {
  readonly output: string;
  readonly input: string;
  readonly as: string;
}

/**
 * Two graphs as one: what the first gives, the second takes. From outside it has the inputs of the first and those of the second
 * that nothing is joined to, the outputs of the second, and those of the first that are not joined.
 *
 * Values of both must have names of their own, but for the joints'. Metadata are those of the first.
 */
export function compose(first: Uint8Array, second: Uint8Array, joints: readonly Joint[]): Uint8Array {
  const [model, other] = [fromBinary(ModelProtoSchema, first), fromBinary(ModelProtoSchema, second)];
  const [before, after] = [model.graph!, other.graph!];
  renameValues(before, (name) => joints.find(({ output }) => output === name)?.as ?? name);
  renameValues(after, (name) => joints.find(({ input }) => input === name)?.as ?? name);
  const between = new Set(joints.map(({ as }) => as));
  const known = new Set(before.input.map(({ name }) => name));
  before.input.push(...after.input.filter(({ name }) => !between.has(name) && !known.has(name)));
  const kept = before.output.map((value) => {
    const joint = joints.find(({ as }) => as === value.name);
    return joint === undefined ? value : after.output.find(({ name }) => name === joint.output);
  });
  before.output = [...new Set([...kept.filter((value) => value !== undefined), ...after.output])];
  before.node.push(...after.node);
  before.initializer.push(...after.initializer);
  for (const own of other.opsetImport)
    if (!model.opsetImport.some(({ domain }) => domain === own.domain)) model.opsetImport.push(own);
  return toBinary(ModelProtoSchema, model);
}
