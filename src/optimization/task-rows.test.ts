import { expect, test } from 'vitest';
import { evaluate, optimised } from '../engine/contract/runtimes.ts';
import { numbers } from '../engine/index.ts';
import { difference, wideSample } from './fixture.test-support.ts';
import { buildLosses, lossFeeds } from './losses.test-support.ts';
import { readoutGramian, taskRows } from './task-rows.ts';

const sample = wideSample([
  { name: 'size', kind: 'regression', missing: 0.2 },
  { name: 'level', kind: 'multiclass', missing: 0.3 },
  { name: 'sold', kind: 'binary' },
  { name: 'price', kind: 'regression' },
]);
const rows = Array.from({ length: 12 }, (_, row) => row);

test.each([1, 2])(
  'under linear heads the Gramian by the representation needs no gradient (%i seeds)',
  async (seeds) => {
    const built = buildLosses(sample, 'shared-bottom', rows, { tower: [], seeds });
    const { losses, model } = built;
    const lead = seeds === 1 ? [] : [seeds];
    const long = taskRows(losses, [model.representation!], new Map(), lead)[0]!.squared();
    const found = await evaluate(
      optimised,
      { short: readoutGramian(losses, model.readout!), long },
      lossFeeds(sample, built, rows, seeds === 1 ? [3] : [3, 4]),
    );
    const expected = numbers(found.long!);
    expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(1e-4);
    expect(difference(numbers(found.short!), expected)).toBeLessThan(1e-5);
  },
);

test('heads that see more than the representation, or each other, have no readout', () => {
  expect(buildLosses(sample, 'shared-bottom', rows, { tower: [3] }).model.readout).toBeUndefined();
  expect(buildLosses(sample, 'mmoe', rows, { tower: [] }).model.readout).toBeUndefined();
});
