import { type Program, type RuntimeName, tensorData } from '../engine/index.ts';
import { openRuntime } from '../platform/node/index.ts';

const RUNS = 31;

/**
 * The median time of predicting one row, all tasks, in milliseconds: in this thread, as a loaded model predicts, so
 * that no message to a worker is counted.
 */
export async function measureLatency(name: RuntimeName, program: Program): Promise<number> {
  const runtime = await openRuntime({ runtime: name, worker: false });
  try {
    const session = await runtime.load(program);
    const feeds = Object.fromEntries(
      program.inputs.map(({ name: input, dtype, shape }) => {
        const width = shape.slice(1) as number[];
        const size = width.reduce((a, b) => a * b, 1);
        return [input, tensorData(new Array<number>(size).fill(0), [1, ...width], dtype)];
      }),
    );
    const times: number[] = [];
    for (let i = 0; i < RUNS; i++) {
      const start = performance.now();
      await session.run(feeds);
      times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b)[(RUNS - 1) / 2]!;
  } finally {
    await runtime.close();
  }
}
