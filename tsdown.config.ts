import { defineConfig, type UserConfig } from 'tsdown';

const config: UserConfig[] = defineConfig([
  {
    entry: {
      index: 'src/index.ts',
      engine: 'src/engine/index.ts',
      cli: 'src/cli/main.ts',
      worker: 'src/platform/node/worker.ts',
      'serve-worker': 'src/serving/server/worker.ts',
    },
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Nobody imports the command line or the workers.
    dts: { entry: ['src/index.ts', 'src/engine/index.ts'] },
    // A generated schema: bundled, so that users install one package less.
    deps: { onlyBundle: ['onnx-buf'] },
    sourcemap: false,
  },
  {
    // One file that a page loads as it is, with ONNX Runtime's script inside; its wasm is fetched beside it.
    entry: { browser: 'src/browser.ts' },
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    dts: true,
    minify: true,
    clean: false,
    outExtensions: () => ({ js: '.mjs', dts: '.d.mts' }),
    deps: { alwaysBundle: [/./] },
    sourcemap: false,
  },
  {
    // The script of the page that a server has at `/`: it goes into the page as it is.
    entry: { 'serve-page': 'src/serving/server/page/client.ts' },
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    dts: false,
    minify: true,
    clean: false,
    sourcemap: false,
  },
]) as UserConfig[];
export default config;
