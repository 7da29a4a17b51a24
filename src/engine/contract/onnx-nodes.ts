import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import type { Program } from '../program.ts';

/** How often each ONNX operator stands in a program, the Identity nodes that name its outputs left out. */
export function onnxNodes(program: Program): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { opType } of fromBinary(ModelProtoSchema, program.bytes).graph!.node)
    if (opType !== 'Identity') counts[opType] = (counts[opType] ?? 0) + 1;
  return counts;
}
