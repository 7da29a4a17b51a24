import type { Cell, Column } from '../common/table.ts';
import type { DescriptorJSON } from '../data/descriptors/index.ts';
import type { Port } from '../engine/program.ts';
import type { Architecture, ModelSpec } from '../model/index.ts';
import type { FittedTask } from '../problem/index.ts';

/** The format that this version writes; `upgrade.ts` reads those before it. */
export const FORMAT = 2;

/** A column that a model takes, and what its training rows held. */
export interface InputColumn {
  readonly name: string;
  readonly type: Column['type'];
  /** The kind of encoder that it goes through. */
  readonly encoder: string;
  /** Whether predictions depend on it. */
  readonly read: boolean;
  /** Share of the training rows without a value. */
  readonly missing: number;
  /** What a form starts from: the median, or the most frequent value. */
  readonly typical: Cell;
  /** Numbers, and dates as ISO 8601. */
  readonly range?: { readonly min: Cell; readonly max: Cell };
  /** Values of a categorical column, the most frequent first; those past the first thousand are left out. */
  readonly categories?: readonly string[];
}

/** What goes into a graph and comes out of it; dimensions are numbers, or `batch`. */
export interface GraphPorts {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/** An input of a graph that takes columns, [batch, 1]: texts, or numbers with NaN where they are missing. */
export interface ColumnPort {
  readonly name: string;
  readonly dtype: 'float64' | 'string';
  readonly shape: readonly ['batch', 1];
}

/** How a graph takes columns: encoders stand in front of the graph of features. */
export interface ColumnInputs {
  readonly inputs: readonly ColumnPort[];
  /** How many bytes of the graph are encoders: they come first. */
  readonly encoders: number;
  /** What stands in their place in a graph of features, as ONNX, in Base64. */
  readonly features: string;
}

/** A task of a model. */
export interface SignatureTask {
  readonly fitted: FittedTask;
  /** The output of the graph that holds its predictions. */
  readonly output: string;
  /** What its numbers are measured in, where the user said so. */
  readonly unit?: string;
}

/** A gate of a model: weights that sum to 1 over experts, [batch, subjects, experts]. */
export interface SignatureGate {
  readonly name: string;
  /** The output of the graph that holds them. */
  readonly output: string;
  /** Tasks, or `all tasks`; of a long model the graph gives those of the row's own task. */
  readonly subjects: readonly string[];
  readonly experts: readonly string[];
}

/** One of several models that divide the tasks. */
export interface SignaturePart {
  /** The tasks that it answers for. */
  readonly tasks: readonly string[];
  readonly model: ModelSpec;
  /** All tasks that its weights are about, where these are more. */
  readonly known?: readonly string[];
  /** Edges of the bins of every numeric feature, where it has any. */
  readonly edges?: readonly (readonly number[])[];
}

/** All that a predictor needs to know beside weights and encoders: `signature.json`. */
export interface Signature {
  readonly format: typeof FORMAT;
  /** The version of Polytask that wrote it. */
  readonly polytask: string;
  readonly sharing: string;
  /** The model as plain data, from which its graph can be built again. */
  readonly model?: ModelSpec;
  /** Where several models divide the tasks among them: each as plain data, and whom it serves. */
  readonly parts?: readonly SignaturePart[];
  /** Names of all tasks that the model's weights are about, where it predicts some of them alone. */
  readonly known?: readonly string[];
  /** Those among the known that it does not predict. */
  readonly others?: readonly FittedTask[];
  /** What it is made of, for those who want to know. */
  readonly architecture?: Architecture;
  readonly seed: number;
  /** Where the model is the mean of several seeds: which. */
  readonly seeds?: readonly number[];
  /** Fingerprint of the table that it was trained on. */
  readonly data: string;
  readonly inputs: readonly InputColumn[];
  /** In the order of the outputs; a long model lists all tasks and has the one output `prediction`. */
  readonly tasks: readonly SignatureTask[];
  /** Long models: the column that names each row's task. */
  readonly by?: string;
  /** Long models: the graph takes rows of any task, with its z where there is one. */
  readonly anyTask?: boolean;
  /** Wide models: the outputs of `described.onnx`, one for tasks of one kind; rows carry z of any task. */
  readonly described?: readonly { readonly output: string; readonly tasks: readonly string[] }[];
  /** Of `model.onnx`; where that takes columns, of what stands behind the encoders in it. */
  readonly graph: GraphPorts;
  /** Where `model.onnx` takes the columns themselves. */
  readonly columns?: ColumnInputs;
  /** The graph gives probabilities as calibration has changed them. */
  readonly calibrated?: true;
  /** Outputs of `model.onnx` that say what each row uses of experts, or of whatever else a gate chooses from. */
  readonly gates?: readonly SignatureGate[];
  /** Of `described.onnx`. */
  readonly describedGraph?: GraphPorts;
  /** How the training rows were read: what counts as missing, and the like. */
  readonly read: { readonly missing?: readonly (string | number)[]; readonly encoding?: string };
  /** The type that each column had which is an input, a target or names the task. */
  readonly types: Readonly<Record<string, Column['type']>>;
}

/** z of the tasks, and how that of others is made: `descriptors.json`. */
export interface DescriptorsFile {
  readonly descriptor: DescriptorJSON;
  /** Columns of rows that describe their task. */
  readonly columns: readonly string[];
  readonly tasks: Readonly<Record<string, readonly number[]>>;
}
