import { expect, test } from 'vitest';
import { draw } from '../../../engine/contract/instance.ts';
import { evaluate, optimised } from '../../../engine/contract/runtimes.ts';
import { constant, numbers, type Tensor, type TensorData, tensorData } from '../../../engine/index.ts';
import { trainingTables } from '../../../optimization/dataset.ts';
import { difference, longSample, modelOf } from '../../../optimization/fixture.test-support.ts';
import { inputLeaves, pickRows } from '../../inputs.ts';
import { buildModel, type ModelSpec } from '../../model.ts';
import { initialise, type Parameter, ParameterSet } from '../../parameter.ts';

const long = longSample(['north', 'south', 'west']);

interface BuiltLogits {
  readonly parameters: readonly Parameter[];
  readonly logits: Tensor;
}

/** Parameters away from where they start. */
function moved(parameters: readonly Parameter[], seeds: number): Record<string, TensorData> {
  const start = initialise(parameters, seeds === 1 ? [3] : [3, 4]);
  return Object.fromEntries(
    Object.entries(start).map(([name, { data, shape }]) => {
      const noise = draw(name, shape);
      return [
        name,
        tensorData(
          Float32Array.from(data as Float32Array, (value, i) => value + 0.3 * noise[i]!),
          shape,
        ),
      ];
    }),
  );
}

test.each([1, 2])('rows and blocks are the same networks, %i seeds', async (seeds) => {
  for (const sharing of ['soft', 'factorised', 'factorised:form=tt', 'factorised:form=tucker']) {
    const [rows, blocks] = (['rows', 'blocks'] as const).map((layout) => logitsIn(layout, sharing, seeds));
    expect(blocks!.parameters).toEqual(rows!.parameters);
    const feeds = moved(rows!.parameters, seeds);
    const [a, b] = await Promise.all(
      [rows!, blocks!].map(async ({ logits }) => {
        const values = await evaluate(optimised, { logits }, { ...trainingTables(long.dataset), ...feeds });
        return numbers(values.logits!);
      }),
    );
    expect(difference(b!, a!)).toBeLessThan(1e-5);
  }
});

const BLOCKS = [0, 1, 2].map((t) => indicesOf(t).slice(0, 4));

function indicesOf(task: number): number[] {
  return [...long.dataset.taskOfRow!.keys()].filter((row) => long.dataset.taskOfRow![row] === task);
}

/** The logits of four rows of each task, [seeds × tasks × rows]. */
function logitsIn(layout: 'rows' | 'blocks', sharing: ModelSpec['sharing'], seeds: number): BuiltLogits {
  const lead = seeds === 1 ? [] : [seeds];
  const set = new ParameterSet(lead);
  const { features } = long.dataset;
  const shape = layout === 'blocks' ? [3, 4] : [12];
  const picks = Int32Array.from(Array.from({ length: seeds }, () => BLOCKS.flat()).flat());
  const index = constant(picks, { shape: [...lead, ...shape], dtype: 'int32' });
  const batch = pickRows(inputLeaves(long.signature.features, features.rows, true), index);
  const spec = modelOf(sharing, { tower: [4], norm: 'layer' });
  const model = buildModel(spec, long.signature, set, batch, layout, { training: false });
  return { parameters: set.parameters, logits: [...model.logits.values()][0]! };
}
