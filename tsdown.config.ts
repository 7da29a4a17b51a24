import { defineConfig, type UserConfig } from 'tsdown';

const config: UserConfig = defineConfig({
  entry: {
    index: 'src/index.ts',
    engine: 'src/engine/index.ts',
    cli: 'src/cli/main.ts',
    worker: 'src/platform/node/worker.ts',
  },
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // Nobody imports the command line or the worker.
  dts: { entry: ['src/index.ts', 'src/engine/index.ts'] },
  // A generated schema: bundled, so that users install one package less.
  deps: { onlyBundle: ['onnx-buf'] },
  sourcemap: false,
});
export default config;
