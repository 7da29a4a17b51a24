import type { SpecInput } from '../common/options.ts';
import { add, scope, type Tensor } from '../engine/index.ts';
import { mlpEncoder } from './encoder.ts';
import { applyHeads, type Family, type HeadSpec, type Logits, orderByFamily } from './heads.ts';
import type { BatchInputs, FeatureSignature } from './inputs.ts';
import type { MlpOptions, Mode } from './layers.ts';
import type { ParameterSet } from './parameter.ts';
import { type Probe, recorder } from './probe.ts';
import { chooseSharing } from './sharing/registry.ts';
import { type BatchLayout, taskAxis } from './task-axis.ts';

/** A model as plain data: with the parameters it declares, all that is needed to rebuild it. */
export interface ModelSpec {
  /** "mmoe:experts=8" or { name: 'mmoe', experts: 8 }; options that are not given have their defaults. */
  readonly sharing: SpecInput;
  readonly encoder: MlpOptions;
  readonly tower: MlpOptions;
  readonly embedding: number;
  readonly textEmbedding: number;
}

export interface ModelSignature {
  readonly features: FeatureSignature;
  /** In the order of the user; the model sorts them by family. */
  readonly heads: readonly HeadSpec[];
  readonly long: boolean;
}

export interface BuiltModel {
  /** Logits by family. */
  readonly logits: Logits;
  readonly families: readonly Family[];
  /** What the model adds to the tasks' losses, [...lead]. */
  readonly penalty?: Tensor;
  readonly probes: readonly Probe[];
}

/**
 * f_θ(y | x, z) as graph: encoder under a sharing, then heads.
 *
 * @param set collects the parameters; its lead is the replica axis
 * @param inputs features of a batch, [..., batch, ·]
 */
export function buildModel(
  spec: ModelSpec,
  signature: ModelSignature,
  set: ParameterSet,
  inputs: BatchInputs,
  layout: BatchLayout,
  mode: Mode,
): BuiltModel {
  const { heads, families } = orderByFamily(signature.heads);
  const { sharing, options } = chooseSharing(spec.sharing);
  const tasks = heads.map(({ name }) => name);
  sharing.check?.(options, { tasks, widths: spec.encoder.hidden });
  const axis = taskAxis(set, layout, tasks, inputs.task);
  const { embedding, textEmbedding } = spec;
  const encoder = mlpEncoder(signature.features, { ...spec.encoder, embedding, textEmbedding });
  const probes: Probe[] = [];
  const penalties: Tensor[] = [];
  const representation = scope('trunk', () =>
    sharing.represent(
      {
        set,
        tasks,
        axis,
        inputs,
        encoder,
        mode,
        record: recorder(axis, inputs.task, probes),
        penalise: (term) => penalties.push(term),
      },
      options,
    ),
  );
  const context = { set, axis, families, tower: spec.tower, mode, task: inputs.task };
  const logits = scope('heads', () => applyHeads(representation, context));
  return {
    logits,
    families,
    probes,
    ...(penalties.length > 0 && { penalty: penalties.reduce((a, b) => add(a, b)) }),
  };
}
