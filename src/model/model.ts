import type { SpecInput } from '../common/options.ts';
import { add, scope, type Tensor } from '../engine/index.ts';
import { takeAside } from './aside.ts';
import { conditioned } from './conditioning/conditioned.ts';
import {
  checkConditioning,
  chooseConditioning,
  isConditioned,
  refuseUnused,
} from './conditioning/registry.ts';
import { taskVector, watched } from './conditioning/task-vector.ts';
import type { Encoder } from './encoder.ts';
import { type EncoderSpec, encoderOf, membersOf } from './encoders/registry.ts';
import { featureReader } from './feature-reader.ts';
import type { FamilyLabels } from './flow/flow.ts';
import { checkFlow, chooseFlow } from './flow/registry.ts';
import { type Family, type HeadSpec, type Logits, orderByFamily, type Readout } from './heads.ts';
import { type BatchInputs, type FeatureSignature, withAxes } from './inputs.ts';
import type { MlpOptions, Mode } from './layers.ts';
import { type Given, type Members, overMembers } from './members.ts';
import type { ParameterSet } from './parameter.ts';
import { type Probe, recorder } from './probe.ts';
import { knownTasks, placesAmong, servedBy } from './served-tasks.ts';
import { chooseSharing } from './sharing/registry.ts';
import { type BatchLayout, type TaskAxis, taskAxis } from './task-axis.ts';

/** A model as plain data: with the parameters it declares, all that is needed to rebuild it. */
export interface ModelSpec {
  /** "mmoe:experts=8" or { name: 'mmoe', experts: 8 }; options that are not given have their defaults. */
  readonly sharing: SpecInput;
  /** How z enters: "film:at=input+0"; default `none`. */
  readonly conditioning?: SpecInput;
  /** What z is: "embedding:width=8"; default `one-hot`. */
  readonly descriptor?: SpecInput;
  /** What goes from task to task: "esmm:path=visit+conversion"; default `none`. */
  readonly flow?: SpecInput;
  /** Source columns that the model does without. */
  readonly without?: readonly string[];
  /** Predicts rows as they were shown, with what the sharing takes aside: to judge a model by data like its own. */
  readonly asShown?: boolean;
  readonly encoder: EncoderSpec;
  readonly tower: MlpOptions;
  readonly embedding: number;
  readonly textEmbedding: number;
}

export interface ModelSignature {
  readonly features: FeatureSignature;
  /** In the order of the user; the model sorts them by family. */
  readonly heads: readonly HeadSpec[];
  readonly long: boolean;
  /** Of a model that was cut down to some tasks: all that its trunk knows, `heads` among them. */
  readonly known?: readonly HeadSpec[];
}

export interface BuiltModel {
  /** Logits by family. */
  readonly logits: Logits;
  readonly families: readonly Family[];
  /** Where members predict side by side: their axis in the logits. */
  readonly members?: Members;
  /** What the model adds to the tasks' losses, [...lead]. */
  readonly penalty?: Tensor;
  readonly probes: readonly Probe[];
  /** Width of the trunk's representation after each layer. */
  readonly widths: readonly number[];
  /** What all tasks share last, [..., batch, H]; absent where each has its own. */
  readonly representation?: Tensor;
  /** Where heads are one product with it, and each task's loss depends on its own columns alone. */
  readonly readout?: Readout;
  /** Keeps predictions, links applied, to what the flow promises; by family, [..., batch, tasks, width]. */
  bound(outputs: Logits): Logits;
}

/**
 * f_θ(y | x, z) as graph: encoder under a sharing, then heads.
 *
 * @param set collects the parameters; its lead is the replica axis
 * @param inputs features of a batch, [..., batch, ·]
 * @param labels of the batch, for what learns from them before the losses
 */
export function buildModel(
  spec: ModelSpec,
  signature: ModelSignature,
  set: ParameterSet,
  inputs: BatchInputs,
  layout: BatchLayout,
  mode: Mode,
  labels?: FamilyLabels,
): BuiltModel {
  const members = membersOf(spec.encoder.family);
  const given = { set, inputs: withAxes(inputs, set.lead.length + (layout === 'blocks' ? 3 : 2)), labels };
  const build = (own: Given): BuiltModel => buildNetwork(spec, signature, own, layout, mode);
  return members === 0 ? build(given) : overMembers(build, given, members);
}

function buildNetwork(
  spec: ModelSpec,
  signature: ModelSignature,
  { set, inputs: given, labels }: Given,
  layout: BatchLayout,
  mode: Mode,
): BuiltModel {
  const { heads, families } = orderByFamily(signature.heads);
  const known = orderByFamily(signature.known ?? heads).heads;
  const places = placesAmong(known, heads);
  const inputs = knownTasks(given, places);
  const { sharing, options } = chooseSharing(spec.sharing);
  const flow = chooseFlow(spec.flow);
  const tasks = known.map(({ name }) => name);
  const { features } = signature;
  checkFlow(flow, { heads, long: signature.long });
  const seen = takeAside({ features, inputs }, spec.without ?? []).rest;
  const { rest, aside } = takeAside(seen, columnsAside(spec.sharing));
  const axis = taskAxis(set, layout, tasks, inputs.task);
  const { numeric, activation } = spec.encoder;
  const reader = featureReader(rest.features, { ...spec, numeric, activation });
  const plain = encoderOf(reader, spec.encoder, set.replicas);
  const { widths } = plain.encoder;
  sharing.check?.(options, { tasks, widths, heads: known, features });
  const z = entering(spec, plain.encoder, axis, inputs, set.lead);
  const probes: Probe[] = [];
  const penalties: Tensor[] = [];
  const representation = scope('trunk', () =>
    sharing.represent(
      {
        set,
        tasks,
        heads: known,
        axis,
        inputs: rest.inputs,
        aside,
        encoder: z.encoder,
        mode: { ...mode, asShown: mode.training || spec.asShown === true },
        record: recorder(axis, inputs.task, probes),
        penalise: (term) => penalties.push(term),
      },
      options,
    ),
  );
  plain.refuse(sharing.name);
  z.refuse();
  const penalise = (term: Tensor): void => void penalties.push(term);
  const readouts: Readout[] = [];
  const onReadout = (own: Readout): void => void readouts.push(own);
  const names = heads.map(({ name }) => name);
  const context = {
    set,
    axis: places === undefined ? axis : taskAxis(set, layout, names, given.task),
    families,
    tower: spec.tower,
    mode,
    task: given.task,
    labels,
    penalise,
    onReadout,
  };
  const served = servedBy(representation, places, axis);
  const logits = scope('heads', () => flow.flow.logits(served, context, flow.options));
  return {
    logits,
    families,
    probes,
    widths,
    ...(!axis.isOwn(representation.value) && { representation: representation.value }),
    // A flow carries what one head says to other tasks.
    ...(flow.flow.name === 'none' && readouts[0] && { readout: readouts[0] }),
    bound: (outputs) => flow.flow.bound?.(outputs, { families }, flow.options) ?? outputs,
    ...(penalties.length > 0 && { penalty: penalties.reduce((a, b) => add(a, b)) }),
  };
}

/** What of a model makes tasks meet. */
export interface Meeting {
  readonly sharing: SpecInput;
  readonly flow?: SpecInput | undefined;
}

/** Whether no task feels another: nothing is shared, and nothing goes from task to task. */
export function areSeparate({ sharing, flow }: Meeting): boolean {
  return chooseSharing(sharing).sharing.separate === true && chooseFlow(flow).flow.name === 'none';
}

/** Source columns that a sharing takes aside: it has no use for them when it predicts. */
export function columnsAside(sharing: SpecInput): readonly string[] {
  const chosen = chooseSharing(sharing);
  return chosen.sharing.aside?.(chosen.options) ?? [];
}

/** Source columns that predictions do not depend on. */
export function unreadColumns({ sharing, without = [] }: Pick<ModelSpec, 'sharing' | 'without'>): string[] {
  return [...columnsAside(sharing), ...without];
}

/** The trunk's layers, with z where it enters, and what refuses a z that has entered none of them. */
function entering(
  { conditioning = 'none', descriptor = 'one-hot' }: ModelSpec,
  encoder: Encoder,
  axis: TaskAxis,
  inputs: BatchInputs,
  lead: readonly number[],
): { encoder: Encoder; refuse: () => void } {
  checkConditioning(conditioning, encoder.widths.length);
  if (!isConditioned(conditioning)) return { encoder, refuse: () => {} };
  const z = watched(taskVector(descriptor, axis, inputs, lead));
  return {
    encoder: conditioned(encoder, chooseConditioning(conditioning), z.vector),
    refuse: () => refuseUnused(z.used(), conditioning),
  };
}
