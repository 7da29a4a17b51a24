import {
  add,
  cast,
  constant,
  greaterOrEqual,
  matmul,
  mul,
  oneHot,
  slice,
  squeeze,
  sub,
  type Tensor,
} from '../../../engine/index.ts';
import type { FeatureSet } from '../../aside.ts';
import { type FeatureSignature, joinColumns } from '../../inputs.ts';
import { alignKeys, type Mode, mlp } from '../../layers.ts';
import { uniformNoise } from '../../noise.ts';
import type { ParameterSet } from '../../parameter.ts';
import { sharedView } from '../../view.ts';
import type { LogitOffset } from '../sharing.ts';

const PREFIX = 'heads/position';

/** A small network beside the model: from a few columns to one logit for each of some tasks. */
export interface ShallowTower {
  /** Hidden sizes. */
  readonly hidden: readonly number[];
  readonly tasks: readonly string[];
}

/** x [..., D] through the tower: [..., tasks]. Its output layer begins at zero, where it says nothing. */
function runTower(set: ParameterSet, x: Tensor, { hidden, tasks }: ShallowTower, mode: Mode): Tensor {
  const shape = { hidden, activation: 'relu', dropout: 0, norm: 'none' } as const;
  const h = mlp(sharedView(set, PREFIX), x, 'tower', shape, mode);
  const weight = set.declare({
    name: `${PREFIX}/weight`,
    shape: [h.shape.at(-1) as number, tasks.length],
    initialiser: { kind: 'zeros' },
    owner: { kind: 'task-columns', tasks, columns: tasks.map(() => 1) },
    decays: false,
  });
  return mul(matmul(h, weight), GAIN);
}

/**
 * The one weight of a position should move its logit as fast as the many weights of the trunk move theirs: a slower
 * tower leaves to the trunk what the position did.
 */
const GAIN = 10;

/**
 * What the tower adds to logits: from the rows' columns in training, where a share of rows has them missing, and from
 * missing columns when predicting, whatever the rows say.
 *
 * @param drop share of the training rows
 */
export function towerOffset(
  set: ParameterSet,
  { features, inputs }: FeatureSet,
  tower: ShallowTower,
  drop: number,
  mode: Mode,
): LogitOffset {
  const x = mode.asShown
    ? encode(features, inputs, drop, mode)
    : constant(missingRow(features), { shape: [1, widthOf(features)] });
  return { tasks: tower.tasks, value: runTower(set, x, tower, mode) };
}

/** Numbers and one-hot categories of each row: [..., batch, D]. */
function encode(
  features: FeatureSignature,
  { numeric, categorical }: FeatureSet['inputs'],
  drop: number,
  mode: Mode,
): Tensor {
  const kept = keptRows((numeric ?? categorical)!, drop, mode);
  const parts: Tensor[] = [];
  if (numeric !== undefined) {
    const missing = constant(missingNumbers(features), { shape: [features.numeric] });
    parts.push(kept === undefined ? numeric : add(mul(sub(numeric, missing), kept), missing));
  }
  if (categorical !== undefined) {
    const codes = kept === undefined ? categorical : mul(categorical, cast(kept, 'int32'));
    features.categorical.forEach((size, c) => {
      parts.push(oneHot(squeeze(slice(codes, -1, c, c + 1), -1), size));
    });
  }
  return joinColumns(parts);
}

/** 1 for rows that keep their columns in this step, [..., batch, 1]; nothing where all do. */
function keptRows(x: Tensor, drop: number, { training, keys }: Mode): Tensor | undefined {
  if (drop === 0 || !training || keys === undefined) return undefined;
  const shape = [x.shape.at(-2)!, 1];
  return cast(greaterOrEqual(uniformNoise(alignKeys(keys, x), `${PREFIX}/missing`, shape), drop), 'float32');
}

/** The tower's logits at each value of each column, the other columns missing. */
export interface TowerTable {
  /** [...lead, rows, tasks] */
  readonly value: Tensor;
  readonly rows: readonly string[];
}

/** Reads a tower off; numbers are tried at their mean and one standard deviation to both sides. */
export function tabulate(
  set: ParameterSet,
  features: FeatureSignature,
  tower: ShallowTower,
  mode: Mode,
): TowerTable {
  const points = [...numericPoints(features), ...categoricalPoints(features)].slice(0, MOST_ROWS);
  const cells = points.flatMap(({ at }) => at);
  const x = constant(cells, { shape: [points.length, widthOf(features)] });
  return {
    value: runTower(set, x, tower, { ...mode, training: false }),
    rows: points.map(({ name }) => name),
  };
}

/** More than this nobody reads. */
const MOST_ROWS = 200;

interface Point {
  readonly name: string;
  readonly at: readonly number[];
}

function numericPoints(features: FeatureSignature): Point[] {
  return Array.from({ length: features.numeric }, (_, i) => i).flatMap((i) =>
    [-1, 0, 1].map((value) => {
      const at = missingRow(features);
      at[i] = value;
      return { name: `${features.sources?.numeric[i]?.column ?? i} ${value} sd`, at };
    }),
  );
}

function categoricalPoints(features: FeatureSignature): Point[] {
  let start = features.numeric;
  return features.categorical.flatMap((size, c) => {
    const own = start;
    start += size;
    const { column = String(c), values } = features.sources?.categorical[c] ?? {};
    const codes = Array.from({ length: size }, (_, code) => code);
    const named = codes.map((code) => ({ code, name: values?.[code] ?? `code ${code}` }));
    return inOrder(named).map(({ code, name }) => {
      const at = missingRow(features);
      at[own] = 0;
      at[own + code] = 1;
      return { name: features.categorical.length === 1 ? name : `${column} ${name}`, at };
    });
  });
}

/** Missing and rare first; then by number where all are numbers. */
function inOrder<T extends { readonly name: string }>(named: readonly T[]): T[] {
  const [special, values] = [named.slice(0, 2), named.slice(2)];
  const numbers = values.every(({ name }) => name.trim() !== '' && Number.isFinite(Number(name)));
  return [...special, ...(numbers ? values.sort((a, b) => Number(a.name) - Number(b.name)) : values)];
}

function widthOf({ numeric, categorical }: FeatureSignature): number {
  return numeric + categorical.reduce((sum, size) => sum + size, 0);
}

function missingNumbers({ numeric, sources }: FeatureSignature): number[] {
  return Array.from({ length: numeric }, (_, i) => sources?.numeric[i]?.missing ?? 0);
}

/** A row whose columns are all missing: the numbers that stand for it, and code 0 of each category. */
function missingRow(features: FeatureSignature): number[] {
  const categories = features.categorical.flatMap((size) =>
    Array.from({ length: size }, (_, i) => Number(i === 0)),
  );
  return [...missingNumbers(features), ...categories];
}
