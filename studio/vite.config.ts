import { defineConfig, type UserConfig } from 'vite';

/** The studio's pages, built into the package: plain files that load nothing from elsewhere. */
const config: UserConfig = defineConfig({
  root: import.meta.dirname,
  build: { outDir: '../dist/studio', emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0 },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  logLevel: 'warn',
});
export default config;
