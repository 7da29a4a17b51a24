import fc from 'fast-check';
import { expect, test } from 'vitest';
import { input } from '../leaf.ts';
import { compile } from '../program.ts';
import { numbers, type TensorData, tensorData } from '../tensor-data.ts';
import { type ParameterEntry, ParameterLayout } from './parameters.ts';
import { runtime } from './run.test-support.ts';

const dims = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 });
const layouts = fc
  .tuple(
    fc.array(dims, { minLength: 1, maxLength: 5 }),
    fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
  )
  .map(([shapes, lead]) => {
    const entries: ParameterEntry[] = shapes.map((shape, i) => ({ name: `layer/${i}`, shape }));
    return new ParameterLayout(entries, lead);
  });
const countUp = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => i - 0.5);
const elements = ({ lead, size }: ParameterLayout): number => lead.reduce((a, b) => a * b, size);

test('packing and unpacking undo each other, in the graph as on the host', async () => {
  await fc.assert(
    fc.asyncProperty(layouts, async (layout) => {
      const data = countUp(elements(layout));
      const named = layout.read(data);
      expect(layout.write(named)).toEqual(data);

      const theta = input('theta', [...layout.lead, layout.size]);
      const parts = layout.unpack(theta);
      const leaves = new Map([...parts].map(([name, { shape }]) => [name, input(name, shape)]));
      const outputs = Object.fromEntries([...parts].map(([name, part]) => [`${name}/part`, part]));
      const unpacking = await runtime.load(compile(outputs));
      const unpacked = await unpacking.run({ theta: tensorData(data, [...layout.lead, layout.size]) });
      for (const { name } of layout.slices) expect(unpacked[`${name}/part`]).toEqual(named[name]);
      const packing = await runtime.load(compile({ packed: layout.pack(leaves) }));
      const { packed } = await packing.run(named);
      expect(packed).toEqual(tensorData(data, [...layout.lead, layout.size]));
      await unpacking.close();
      await packing.close();
    }),
    { numRuns: 25 },
  );
});

const layout = new ParameterLayout(
  [
    { name: 'weight', shape: [2, 2] },
    { name: 'bias', shape: [1, 2] },
  ],
  [2],
);

test('a row is a replica: weight then bias', () => {
  expect(layout.size).toBe(6);
  expect(layout.slice('bias')).toEqual({ name: 'bias', shape: [1, 2], start: 4, end: 6 });
  const { weight, bias } = layout.read(Float32Array.from({ length: 12 }, (_, i) => i)) as Record<
    string,
    TensorData
  >;
  expect(weight!.shape).toEqual([2, 2, 2]);
  expect(numbers(weight!)).toEqual([0, 1, 2, 3, 6, 7, 8, 9]);
  expect(numbers(bias!)).toEqual([4, 5, 10, 11]);
  expect([...layout.mask(({ name }) => name === 'weight')]).toEqual([1, 1, 1, 1, 0, 0]);
});

test('gradients of several tasks are packed with the task axis in front', () => {
  const packed = layout.pack(
    new Map([
      ['weight', input('w', [5, 2, 2, 2])],
      ['bias', input('b', [5, 2, 1, 2])],
    ]),
  );
  expect(packed.shape).toEqual([5, 2, 6]);
  expect(layout.unpack(packed).get('bias')!.shape).toEqual([5, 2, 1, 2]);
});

test('what does not fit is named', () => {
  expect(() => new ParameterLayout([])).toThrow('at least one parameter');
  expect(() => new ParameterLayout([{ name: 'w', shape: [0] }])).toThrow('a shape without zeros');
  const twice = { name: 'w', shape: [1] };
  expect(() => new ParameterLayout([twice, twice])).toThrow('parameters-invalid at parameters/w');
  expect(() => layout.slice('wieght')).toThrow('Did you mean "weight"?');
  expect(() => layout.unpack(input('theta', [2, 7]))).toThrow('shape-mismatch');
  expect(() => layout.pack(new Map([['weight', input('w', [2, 2, 2])]]))).toThrow('a tensor named "bias"');
  expect(() => layout.read(new Float32Array(11))).toThrow('12 elements');
  expect(() => layout.write({ weight: { data: new Float32Array(8) } })).toThrow('parameters/bias');
});
