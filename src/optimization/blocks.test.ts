import { describe, expect, test } from 'vitest';
import { evaluate, optimised } from '../engine/contract/runtimes.ts';
import { add, numbers, type Tensor } from '../engine/index.ts';
import { membersOf } from '../model/encoders/registry.ts';
import { chooseSharing, SHARINGS } from '../model/sharing/registry.ts';
import { isShared } from './compared.ts';
import { difference, longSample, modelOf, TRUNKS } from './fixture.test-support.ts';
import { buildLosses, lossFeeds } from './losses.test-support.ts';
import { taskRows } from './task-rows.ts';

const sample = longSample(['north', 'south', 'west']);
/** Four rows of each task in turn. */
const rows = [0, 1, 2].flatMap((t) =>
  Array.from({ length: 64 }, (_, row) => row)
    .filter((row) => sample.dataset.taskOfRow![row] === t)
    .slice(0, 4),
);
const NAMES = Object.values(SHARINGS).flatMap(({ name, rowwise }) => (rowwise ? [] : [name]));
const VARIANTS = ['mmoe:experts=3,bottom=1', 'mmoe:gate=top-k', 'ple:shared=0', 'shared-bottom:split=1'];
const pairs = [
  ...[...NAMES, ...VARIANTS].map((name) => [name, 'mlp', {}] as const),
  ...Object.entries(TRUNKS).map(([trunk, changes]) => ['shared-bottom', trunk, changes] as const),
];
const both = pairs.flatMap(([name, trunk, changes]) =>
  [1, 2].map((seeds) => [name, trunk, seeds, changes] as const),
);

describe.each(both)('%s over %s, %i seeds', (name, _trunk, seeds, changes) => {
  const numbersOf = Array.from({ length: seeds }, (_, s) => s + 3);
  const lead = seeds === 1 ? [] : [seeds];

  test('rows of one task each, mixed or in blocks, are the same model', async () => {
    const [mixed, blocks] = (['rows', 'blocks'] as const).map((layout) =>
      buildLosses(sample, name, rows, { ...changes, layout, seeds, tower: [3] }),
    );
    const shapes = ({ parameters }: typeof mixed & object): object =>
      Object.fromEntries(parameters.map((own) => [own.name, own.shape]));
    expect(shapes(blocks!)).toEqual(shapes(mixed!));
    const [one, other] = await Promise.all(
      [mixed!, blocks!].map((built) =>
        evaluate(optimised, { losses: built.losses }, lossFeeds(sample, built, rows, numbersOf)),
      ),
    );
    expect(difference(numbers(other!.losses!), numbers(one!.losses!))).toBeLessThan(1e-5);
  });

  test('gradients of all tasks by views of their own are those that all tasks pull back on an axis', async () => {
    const built = buildLosses(sample, name, rows, { ...changes, layout: 'blocks', apart: true, seeds });
    const { parameters, leaves, losses, views } = built;
    const shared = leaves.filter((_, i) => isShared(parameters[i]!));
    if (shared.length === 0) return expect(chooseSharing(name).sharing.separate).toBe(true);
    // A sharing that puts weights together itself takes the long way, as do members, which see one set of weights.
    const isLong =
      ['soft', 'factorised'].includes(name) || membersOf(modelOf(name, changes).encoder.family) > 0;
    expect(shared.every((leaf) => views.has(leaf))).toBe(!isLong);
    const gramianOf = (through: ReadonlyMap<Tensor, Tensor>): Tensor =>
      taskRows(losses, shared, through, lead)
        .map((part) => part.squared())
        .reduce((a, b) => add(a, b));
    const found = await evaluate(
      optimised,
      { short: gramianOf(views), long: gramianOf(new Map()) },
      lossFeeds(sample, built, rows, numbersOf),
    );
    expect(difference(numbers(found.short!), numbers(found.long!))).toBeLessThan(1e-4);
  });
});
