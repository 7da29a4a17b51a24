import { compile, type Program, reshape, slice, type Tensor, tensorData } from '../engine/index.ts';
import { ParameterLayout } from '../engine/optimiser/parameters.ts';
import {
  chooseSharing,
  type ModelSpec,
  orderByFamily,
  type Parameter,
  ParameterSet,
} from '../model/index.ts';
import { forward } from '../optimization/index.ts';
import { kindOf } from '../problem/index.ts';
import type { Prepared } from './prepare.ts';

/** A model with its weights inside. */
export interface ExportedModel {
  readonly program: Program;
  readonly parameters: readonly Parameter[];
}

/**
 * The forward graph of one replica with weights stored and links applied: one output a task, `[batch, width]` in the
 * users' units, named after the task; long problems have one output, `prediction`, and the input `task`.
 *
 * @param theta packed parameters [seeds, n]
 * @param seed which replica
 */
export function exportModel(
  model: ModelSpec,
  { signature, dataset }: Pick<Prepared, 'signature' | 'dataset'>,
  theta: Float32Array,
  seeds: number,
  seed: number,
): ExportedModel {
  const set = new ParameterSet([]);
  const { outputs: families } = forward(model, signature, dataset.tasks, set);
  const layout = new ParameterLayout(set.parameters, []);
  const size = theta.length / seeds;
  const own = layout.read(theta.slice(seed * size, (seed + 1) * size));
  const weights = Object.fromEntries(
    set.parameters.map(({ name, shape }) => [name, tensorData(own[name]!.data, shape)]),
  );
  const program = compile(taskOutputs(families, signature, dataset.tasks), {
    name: 'polytask',
    weights,
    metadata: { sharing: chooseSharing(model.sharing).sharing.name },
  });
  return { program, parameters: set.parameters };
}

function taskOutputs(
  families: Readonly<Record<string, Tensor>>,
  signature: Prepared['signature'],
  tasks: Prepared['dataset']['tasks'],
): Record<string, Tensor> {
  if (signature.long) return { prediction: Object.values(families)[0]! };
  return Object.fromEntries(
    orderByFamily(signature.heads).families.flatMap(({ key, start, heads }) =>
      heads.map((head, h): [string, Tensor] => {
        const width = kindOf(tasks[start]!.kind).outputWidth(tasks[start + h]!);
        return [
          outputName(head.name, signature),
          reshape(slice(families[key]!, -2, h, h + 1), ['batch', width]),
        ];
      }),
    ),
  );
}

/** The ONNX output of a task: its name, unless an input has that name. */
export function outputName(task: string, { features }: Prepared['signature']): string {
  const inputs = [
    'numeric',
    'categorical',
    ...features.text.flatMap(({ name }) => [`text/${name}/ids`, `text/${name}/weights`]),
  ];
  return inputs.includes(task) ? `${task}_output` : task;
}
