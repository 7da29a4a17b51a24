import { PolytaskError } from '../../common/error.ts';
import type { LocalRuntime } from '../../engine/runtime/local.ts';
import type { RuntimeName } from '../../engine/runtime/runtime.ts';
import { attempt, type RuntimeOptions, threadsOf } from './probe.ts';

const HELP: Record<RuntimeName, string> = {
  native:
    'Install it with: npm install onnxruntime-node --ignore-scripts. Or leave the runtime on "auto", which falls back to wasm.',
  wasm: 'Reinstall onnxruntime-web; it comes with polytask.',
  webgpu:
    'It needs a GPU and its driver (Vulkan, Metal or Direct3D 12) and onnxruntime-node. Or leave the runtime on "auto".',
};

/** Opens a runtime in this thread: the asked-for one, or the first of native and wasm that works. */
export async function openLocal(
  options: RuntimeOptions & { readonly remark?: string } = {},
): Promise<LocalRuntime> {
  const { runtime = 'auto' } = options;
  const names: readonly RuntimeName[] = runtime === 'auto' ? ['native', 'wasm'] : [runtime];
  const failures: string[] = [];
  const remarks = options.remark === undefined ? [] : [options.remark];
  for (const name of names) {
    const because = [...failures, ...remarks].map((text) => `; ${text}`).join('');
    const result = await attempt(name, options, because);
    if ('runtime' in result) return result.runtime;
    failures.push(`${name} does not work here: ${result.reason}`);
  }
  throw new PolytaskError('runtime-unavailable', {
    path: `runtime ${runtime}`,
    expected: `${names.join(' or ')}, ${threadsOf(options)} threads`,
    found: failures.join('; '),
    help: HELP[names.at(-1)!],
  });
}
