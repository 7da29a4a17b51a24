import * as native from 'onnxruntime-node';
import * as web from 'onnxruntime-web/wasm';
import { type CompileOptions, compile } from '../program.ts';
import { LocalRuntime, type Ort } from '../runtime/local.ts';
import type { Session } from '../runtime/runtime.ts';
import type { Tensor } from '../tensor.ts';
import type { TensorData } from '../tensor-data.ts';

web.env.wasm.numThreads = 1;

export const optimised: LocalRuntime = new LocalRuntime(native as unknown as Ort, { name: 'native' });
export const plain: LocalRuntime = new LocalRuntime(native as unknown as Ort, {
  name: 'native',
  optimisation: 'disabled',
});
export const wasm: LocalRuntime = new LocalRuntime(web as unknown as Ort, { name: 'wasm' });

/** Compiles, loads, hands over and closes again. */
export async function withSession<T>(
  runtime: LocalRuntime,
  outputs: Readonly<Record<string, Tensor>>,
  use: (run: Session['run']) => Promise<T>,
  options: CompileOptions = {},
): Promise<T> {
  const program = compile(outputs, options);
  const session = await runtime.load(program);
  try {
    return await use((feeds) =>
      session.run(Object.fromEntries(program.inputs.map(({ name }) => [name, feeds[name]!]))),
    );
  } finally {
    await session.close();
  }
}

export const evaluate = (
  runtime: LocalRuntime,
  outputs: Readonly<Record<string, Tensor>>,
  feeds: Readonly<Record<string, TensorData>>,
  options?: CompileOptions,
): Promise<Record<string, TensorData>> => withSession(runtime, outputs, (run) => run(feeds), options);
