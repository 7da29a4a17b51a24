import { constant, gather, type Tensor } from '../engine/index.ts';
import type { BatchInputs, FeatureSignature, FeatureSources } from './inputs.ts';

/** Some features with what they are. */
export interface FeatureSet {
  readonly features: FeatureSignature;
  readonly inputs: BatchInputs;
}

/** Source columns of features, each once. */
export function sourceColumns({ sources, text }: FeatureSignature): string[] {
  const columns = sources === undefined ? [] : [...sources.numeric, ...sources.categorical];
  return [...new Set([...columns.map(({ column }) => column), ...text.map(({ name }) => name)])];
}

/** Parts features by the columns that they come from: those of `columns` aside, and the rest. */
export function takeAside(
  { features, inputs }: FeatureSet,
  columns: readonly string[],
): { readonly rest: FeatureSet; readonly aside: FeatureSet } {
  if (columns.length === 0) return { rest: { features, inputs }, aside: NOTHING };
  const isAside = (column: string): boolean => columns.includes(column);
  return {
    rest: pickColumns({ features, inputs }, (column) => !isAside(column)),
    aside: pickColumns({ features, inputs }, isAside),
  };
}

const NOTHING: FeatureSet = { features: { numeric: 0, categorical: [], text: [] }, inputs: { text: [] } };

function pickColumns({ features, inputs }: FeatureSet, wanted: (column: string) => boolean): FeatureSet {
  const sources: FeatureSources = features.sources ?? { numeric: [], categorical: [] };
  const numeric = positions(features.numeric, sources.numeric, wanted);
  const categorical = positions(features.categorical.length, sources.categorical, wanted);
  const { numeric: _, categorical: __, ...others } = inputs;
  return {
    features: {
      ...features,
      numeric: numeric.length,
      ...(features.edges && { edges: numeric.map((i) => features.edges![i]!) }),
      categorical: categorical.map((i) => features.categorical[i]!),
      text: features.text.filter(({ name }) => wanted(name)),
      ...(features.sources && {
        sources: {
          numeric: numeric.map((i) => sources.numeric[i]!),
          categorical: categorical.map((i) => sources.categorical[i]!),
        },
      }),
    },
    inputs: {
      ...others,
      ...(numeric.length > 0 && { numeric: pick(inputs.numeric!, numeric) }),
      ...(categorical.length > 0 && { categorical: pick(inputs.categorical!, categorical) }),
      text: inputs.text.filter(({ name }) => wanted(name)),
    },
  };
}

/** Which of `count` features are wanted; one without a source stays with the rest. */
function positions(
  count: number,
  sources: readonly { readonly column: string }[],
  wanted: (column: string) => boolean,
): number[] {
  return Array.from({ length: count }, (_, i) => i).filter((i) => wanted(sources[i]?.column ?? ''));
}

/** Some columns of features. */
export function pick(x: Tensor, columns: readonly number[]): Tensor {
  if (columns.length === x.shape.at(-1)) return x;
  return gather(x, constant(Int32Array.from(columns), { shape: [columns.length], dtype: 'int32' }), -1);
}
