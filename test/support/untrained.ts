import { type Artefact, filesOf, readArtefact } from '../../src/artefact/index.ts';
import type { SpecInput } from '../../src/common/options.ts';
import { RandomStream } from '../../src/common/random.ts';
import {
  type Prepared,
  parseConfig,
  prepare,
  type RunConfig,
  type RunConfigInput,
} from '../../src/experiment/index.ts';
import type { Judged } from '../../src/experiment/judge.ts';
import { modelFiles } from '../../src/experiment/model-folder.ts';
import type { Part } from '../../src/experiment/part.ts';
import { withNumeric } from '../../src/experiment/prepare.ts';
import { modelSpec } from '../../src/experiment/trial.ts';
import { parametersOf } from '../../src/model/keep-tasks.ts';

/** A problem with its data, ready to be exported. */
export interface PreparedProblem {
  readonly config: RunConfig;
  readonly prepared: Prepared;
}

export async function prepareProblem(input: RunConfigInput): Promise<PreparedProblem> {
  const config = parseConfig(input);
  return { config, prepared: await prepare(config, '.') };
}

/** Which tasks a model learned, how it shares, and for which of them it answers. */
export interface PartPlan {
  readonly sharing: SpecInput;
  readonly prepared: Prepared;
  readonly serves?: readonly string[];
  /** How numbers enter, where it is not as the config says. */
  readonly numeric?: string;
}

/** A model whose weights are random instead of learned: what is said of its graph needs no training. */
export async function untrained(
  { config, prepared }: PreparedProblem,
  plans: readonly PartPlan[],
  seeds: readonly number[] = [0],
): Promise<Artefact & { readonly described: undefined }> {
  const random = new RandomStream(7, 'untrained');
  const parts = plans.map(({ sharing, prepared: given, serves, numeric = config.model.numeric }): Part => {
    const own = withNumeric(given, numeric);
    const model = { ...config.model, numeric };
    const spec = modelSpec({ sharing, flow: model.flow, config: { ...config, model } });
    const size = parametersOf(spec, own.signature).reduce(
      (sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1),
      0,
    );
    const theta = Float32Array.from({ length: seeds.length * size }, (_, i) => 0.4 * random.normal(i));
    const trial = { sharing, config, prepared: own, seeds };
    return {
      kept: { trial, spec, theta, checkpoint: undefined as never },
      serves: serves ?? own.dataset.tasks.map(({ name }) => name),
    };
  });
  const result = { sharing: 'it' } as Judged['result'];
  const card = { metrics: [], provenance: undefined as never };
  const files = modelFiles({ prepared, seeds, parts, result }, seeds, config, card);
  const { described, ...artefact } = await readArtefact(filesOf('untrained', files));
  return { ...artefact, described: (await described?.()) as undefined };
}
