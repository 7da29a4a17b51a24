import type { Signature } from '../artefact/index.ts';
import { PolytaskError, suggest } from '../common/error.ts';
import type { Warning } from '../data/index.ts';
import type { Runtime } from '../engine/runtime/runtime.ts';
import type { FittedTask } from '../problem/index.ts';
import { LoadedGraph, type RawOutputs } from './graph.ts';
import type { NewTask, TaskRows, TaskVectors } from './task-vectors.ts';

interface GraphSource {
  readonly runtime: Runtime;
  /** The bytes of `described.onnx`. */
  read(): Promise<Uint8Array>;
}

/** New tasks of a model without a column of tasks; their graph is opened when it is first asked for. */
export class DescribedTasks {
  readonly #signature: Signature;
  readonly #vectors: TaskVectors;
  readonly #source: GraphSource;
  #graph: Promise<LoadedGraph> | undefined;
  /** Of tasks that were predicted, those whose units they have. */
  readonly #fitted: Map<string, FittedTask> = new Map();

  constructor(signature: Signature, vectors: TaskVectors, source: GraphSource) {
    this.#signature = signature;
    this.#vectors = vectors;
    this.#source = source;
  }

  /** The trained task whose units and classes a predicted one has. */
  fittedOf(name: string): FittedTask | undefined {
    return this.#fitted.get(name);
  }

  /** Predictions under the task's name; nothing where the model has parameters of each task. */
  async run(
    rows: TaskRows,
    task: NewTask,
  ): Promise<{ outputs: RawOutputs; warnings: readonly Warning[] } | undefined> {
    const { described } = this.#signature;
    if (described === undefined) return undefined;
    const family = described.find(({ tasks }) =>
      task.like === undefined ? described.length === 1 : tasks.includes(task.like),
    );
    if (family === undefined) {
      const known = described.flatMap(({ tasks }) => tasks);
      throw new PolytaskError('descriptor-invalid', {
        path: 'task.like',
        expected: 'a trained task of the same kind',
        found: task.like ?? 'nothing',
        help: suggest(task.like ?? '', known),
      });
    }
    const name = task.name ?? 'prediction';
    const z = await this.#vectors.ofRows(new Array<string>(rows.features.rows).fill(''), rows, task);
    this.#graph ??= this.#open(described);
    const outputs = await (await this.#graph).run(rows.features, { z });
    this.#fitted.set(name, this.#trained(task.like ?? family.tasks[0]!));
    return { outputs: new Map([[name, outputs.get(family.output)!]]), warnings: z.warnings };
  }

  async #open(families: NonNullable<Signature['described']>): Promise<LoadedGraph> {
    const { runtime, read } = this.#source;
    const outputs = families.map(({ output, tasks }) => ({
      name: output,
      output,
      fitted: this.#trained(tasks[0]!),
    }));
    return LoadedGraph.open(runtime, 'described', await read(), this.#signature.describedGraph!, outputs);
  }

  #trained(name: string): FittedTask {
    return this.#signature.tasks.find(({ fitted }) => fitted.name === name)!.fitted;
  }
}
