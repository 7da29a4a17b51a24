import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import * as native from 'onnxruntime-node';
import * as web from 'onnxruntime-web/wasm';
import { afterAll, describe, expect, test } from 'vitest';
import { compile, constant, gather, input, matmul, tensorData } from '../../engine/index.ts';
import { fromHalves, LARGEST_HALF, toHalves } from './float16.ts';
import { graphOf } from './graph-file.ts';
import { PRECISIONS, quantise, storeAs } from './precision.ts';

web.env.wasm.numThreads = 1;
const temporary = mkdtempSync(join(tmpdir(), 'polytask-precision-'));
afterAll(() => rmSync(temporary, { recursive: true }));

describe('numbers of 16 bits', () => {
  test('each of them is itself, in 32 bits and back', () => {
    const all = Uint16Array.from({ length: 65536 }, (_, i) => i).filter(
      (half) => (half & 0x7c00) !== 0x7c00 || (half & 1023) === 0,
    );
    expect(toHalves(fromHalves(all))).toEqual(all);
  });

  test.each([
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65519.99, 0x7bff],
    [65520, 0x7c00],
    [2 ** -24, 1],
    [2 ** -25, 0],
    [1.0000001 * 2 ** -25, 1],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [0.1, 0x2e66],
    [-0, 0x8000],
  ])('%f is %i', (value, half) => {
    expect(toHalves(Float32Array.of(value))[0]).toBe(half);
  });

  test('what they are off by is half a step at most', () => {
    fc.assert(
      fc.property(fc.float({ min: -65000, max: 65000, noNaN: true }), (value) => {
        const [back] = fromHalves(toHalves(Float32Array.of(value)));
        const step = 2 ** (Math.max(-14, Math.floor(Math.log2(Math.abs(value)))) - 10);
        expect(Math.abs(back! - value)).toBeLessThanOrEqual(step / 2);
      }),
    );
  });
});

describe('numbers of 8 bits', () => {
  test('a column has the scale of its largest, a matrix of a stack its own', () => {
    const { codes, scales, scaleDims } = quantise(Float32Array.of(127, 1, -63.5, 2, 0, 4, 0, -8), [2, 2, 2]);
    expect(scaleDims).toEqual([2, 1, 2]);
    expect([...scales].map((scale) => Math.round(scale * 127 * 1e4) / 1e4)).toEqual([127, 2, 0, 8]);
    expect([...codes]).toEqual([127, 64, -63, 127, 0, 64, 0, -127]);
  });

  test('rows of very different size have a scale each', () => {
    const values = Float32Array.from(
      { length: 32 * 16 },
      (_, i) => Math.sin(i) * 10 ** (Math.floor(i / 16) % 5),
    );
    expect(quantise(values, [32, 16]).scaleDims).toEqual([32, 1]);
  });

  test('what they are off by is half a step of their scale at most', () => {
    const floats = fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), {
      minLength: 64,
      maxLength: 64,
    });
    fc.assert(
      fc.property(floats, fc.constantFrom([8, 8], [4, 16], [2, 8, 4]), (list, dims) => {
        const values = Float32Array.from(list);
        const { codes, scales, scaleDims } = quantise(values, dims);
        const columns = dims.at(-1)!;
        values.forEach((value, i) => {
          const row = Math.floor(i / columns);
          const at = scaleDims.at(-1) === 1 ? row : Math.floor(row / dims.at(-2)!) * columns + (i % columns);
          expect(Math.abs(value - scales[at]! * codes[i]!)).toBeLessThanOrEqual(scales[at]! * 0.5001 + 1e-30);
        });
      }),
      { numRuns: 50 },
    );
  });
});

describe('a graph whose weights are stored in fewer bits', () => {
  const fill = (size: number): Float32Array => Float32Array.from({ length: size }, (_, i) => Math.sin(7 * i));
  const x = input('x', ['batch', 32]);
  const row = input('row', ['batch'], { dtype: 'int32' });
  const table = input('table', [64, 32]);
  const dense = input('trunk/0/weight', [32, 32]);
  const small = input('small', [32, 2]);
  const { bytes } = compile(
    {
      y: matmul(matmul(x, dense), small),
      z: matmul(gather(table, row, 0), constant([...fill(1024)], { shape: [32, 32] })),
    },
    {
      weights: {
        table: tensorData(fill(2048), [64, 32]),
        'trunk/0/weight': tensorData(fill(1024), [32, 32]),
        small: tensorData(fill(64), [32, 2]),
      },
    },
  );
  const run = async (graph: Uint8Array, { InferenceSession, Tensor } = native): Promise<number[]> => {
    const session = await InferenceSession.create(graph, { logSeverityLevel: 4 });
    const { y, z } = await session.run({
      x: new Tensor('float32', fill(96), [3, 32]),
      row: new Tensor('int32', Int32Array.of(0, 63, 5), [3]),
    });
    return [...(y!.data as Float32Array), ...(z!.data as Float32Array)];
  };

  test.each(PRECISIONS)(
    '%s: predictions are near, and nothing is left to convert once it is loaded',
    async (kind) => {
      const reduced = storeAs(bytes, kind);
      const path = join(temporary, `${kind}.onnx`);
      const [plain, near] = [await run(bytes), await run(reduced)];
      const furthest = Math.max(...plain.map((value, i) => Math.abs(value - near[i]!)));
      expect(furthest).toBeLessThan({ float32: 1e-12, float16: 0.01, int8: 0.2 }[kind]);
      if (kind !== 'float32') expect(furthest).toBeGreaterThan(0);
      const inPage = await run(reduced, web as unknown as typeof native);
      inPage.forEach((value, i) => void expect(value).toBeCloseTo(near[i]!, 4));
      await native.InferenceSession.create(reduced, {
        optimizedModelFilePath: path,
        graphOptimizationLevel: 'basic',
        logSeverityLevel: 4,
      });
      const loaded = graphOf(readFileSync(path));
      expect(loaded.node.map(({ opType }) => opType).sort()).toEqual(['Gather', 'Gemm', 'Gemm', 'Gemm']);
      expect(reduced.length / bytes.length).toBeLessThan({ float32: 1.01, float16: 0.72, int8: 0.6 }[kind]);
    },
  );

  test('small tensors and constants stay', () => {
    const names = graphOf(storeAs(bytes, 'int8'))
      .initializer.map(({ name }) => name)
      .sort();
    expect(names).toEqual([
      'constant',
      'small',
      'table/int8',
      'table/scale',
      'trunk/0/weight/int8',
      'trunk/0/weight/scale',
    ]);
  });

  test('a weight too large for 16 bits keeps 32', () => {
    const weights = { 'trunk/0/weight': tensorData(fill(1024).fill(2 * LARGEST_HALF, 0, 1), [32, 32]) };
    const { bytes: large } = compile({ y: matmul(x, dense) }, { weights });
    expect(graphOf(storeAs(large, 'float16')).initializer.map(({ name }) => name)).toEqual([
      'trunk/0/weight',
    ]);
  });
});
