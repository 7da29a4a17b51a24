import { existsSync } from 'node:fs';
import { defineConfig, type UserConfig } from 'tsdown';

const entries = {
  index: 'src/index.ts',
  engine: 'src/engine/index.ts',
  cli: 'src/cli/main.ts',
  worker: 'src/platform/node/worker.ts',
};

const config: UserConfig = defineConfig({
  entry: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file))),
  format: 'esm',
  platform: 'node',
  target: 'node20',
  dts: true,
  sourcemap: false,
});
export default config;
