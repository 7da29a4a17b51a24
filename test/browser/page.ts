import { filesOf } from '../../src/artefact/index.ts';
import { LocalRuntime, type Ort, type Runtime } from '../../src/engine/index.ts';
import {
  longSample,
  modelOf,
  type Sample,
  setupOf,
  wideSample,
  withSetup,
} from '../../src/optimization/fixture.test-support.ts';
import { train } from '../../src/optimization/index.ts';
import { Model } from '../../src/serving/model.ts';

// What runs in the browser and in Node alike: the test bundles this file for the one and imports it in the other.

const RICH = { dropout: 0.3, norm: 'layer', tower: [4] } as const;

const wide = (): Sample =>
  wideSample([
    { name: 'size', kind: 'regression', missing: 0.2 },
    { name: 'sold', kind: 'binary', missing: 0.3 },
    { name: 'grade', kind: 'multiclass' },
  ]);

const SAMPLES: Readonly<Record<string, () => Sample>> = {
  wide,
  long: () => longSample(['north', 'south', 'west']),
};

export interface Curves {
  /** Training losses: evaluations × replicas × tasks. */
  readonly losses: readonly (readonly (readonly number[])[])[];
  /** Validation metrics likewise. */
  readonly metrics: readonly (readonly (readonly (number | null)[])[])[];
}

/** Trains a small model from a seed: two replicas, dropout, clipping, a schedule. */
export async function trainSample(runtime: Runtime, name: string, sharing: string): Promise<Curves> {
  const sample = SAMPLES[name]!();
  const setup = setupOf(sample, modelOf(sharing, RICH), {
    seeds: [1, 2],
    optimiser: { kind: 'adamw', weightDecay: 0.1 },
    schedule: { kind: 'plateau', goal: 'max', patience: 0, factor: 0.5, warmup: 3 },
    clipNorm: 0.5,
    maxEpochs: 8,
  });
  const { history } = await withSetup(runtime, sample, setup, (whole) => train(runtime, whole));
  return { losses: history.map(({ losses }) => losses), metrics: history.map(({ metrics }) => metrics) };
}

/** Predicts rows with a model whose files are handed in. */
export async function predictRows(
  runtime: Runtime,
  files: Readonly<Record<string, Uint8Array>>,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<readonly object[]> {
  const place = filesOf('the model', new Map(Object.entries(files)));
  const model = await Model.load(place, async () => runtime);
  return model.predict(rows);
}

/** A runtime over the ONNX Runtime that the page loaded. */
export function runtimeOver(ort: Ort): Runtime {
  return new LocalRuntime(ort, { name: 'wasm', threads: 1 });
}

/** Nothing calls it here: the floor must load in a browser. */
export { diagnose } from '../../src/diagnosis/index.ts';
