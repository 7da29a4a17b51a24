import { expect, test } from 'vitest';
import { input } from '../leaf.ts';
import { matmul } from '../operators/index.ts';
import { compile, type Program } from '../program.ts';
import { LocalRuntime, type Ort } from './local.ts';

/** The number of threads for which a runtime of four asks, for a product of square matrices. */
async function threadsFor(program: Program): Promise<number | undefined> {
  let threads: number | undefined;
  const ort = {
    InferenceSession: {
      create: async (_: unknown, options: { intraOpNumThreads?: number }) => {
        threads = options.intraOpNumThreads;
        return {};
      },
    },
  };
  await new LocalRuntime(ort as unknown as Ort, { name: 'native', threads: 4 }).load(program);
  return threads;
}

const product = (rows: number | string): Program =>
  compile({ y: matmul(input('a', [rows, 256]), input('b', [256, 256])) });

test('small programs run in one thread, large ones and those of free size in all', async () => {
  expect(await threadsFor(product(16))).toBe(1);
  expect(await threadsFor(product(512))).toBe(4);
  expect(await threadsFor(product('batch'))).toBe(4);
});

test('the work of a program is that of its largest node', () => {
  expect(product(16).work).toBe(16 * 256 * 256);
  expect(product('batch').work).toBe(Infinity);
});
