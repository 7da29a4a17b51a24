import { noise } from '../lib/data.mjs';
import { BareGraph } from '../lib/onnx.mjs';
import { openSession, ort } from './session.mjs';

/** Products in a row, so that what a run costs beside them does not count. */
const LENGTH = 8;

/** The rate that the runtime reaches at its best: a chain of square products. One step is one chain. */
export async function product(size, threads) {
  const graph = new BareGraph();
  const [first, factor] = ['first', 'factor'].map((name) => graph.input(name, [size, size]));
  let value = first;
  for (let i = 0; i < LENGTH; i++) value = graph.op('Gemm', [value, factor]);
  graph.output(value, 'result', [size, size]);
  const session = await openSession(graph.bytes(), threads);
  const make = (seed) =>
    new ort.Tensor('float32', noise(size * size, seed, Math.sqrt(3 / size)), [size, size]);
  const feeds = { first: make(1), factor: make(2) };
  return {
    name: 'product',
    flops: LENGTH * 2 * size ** 3,
    take: async (steps) => {
      for (let k = 0; k < steps; k++) await session.run(feeds);
    },
    close: () => session.release(),
  };
}
