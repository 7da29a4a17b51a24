// Bundles an entry with all that it imports, for a browser, and prints which modules it read, used or not, and what stayed
// outside.
// A process of its own: the bundler's threads and those of the test runner lock each other up.
import { build } from 'tsdown';

const [entry, outDir] = process.argv.slice(2);
const report = { modules: [], imports: [] };
await build({
  config: false,
  entry: { page: entry },
  outDir,
  format: 'esm',
  platform: 'browser',
  target: 'es2023',
  dts: false,
  logLevel: 'silent',
  deps: { alwaysBundle: [/./] },
  plugins: [
    {
      name: 'report',
      moduleParsed({ id }) {
        report.modules.push(id);
      },
      generateBundle(_, bundle) {
        for (const chunk of Object.values(bundle)) {
          if (chunk.type !== 'chunk') continue;
          report.imports.push(...chunk.imports, ...chunk.dynamicImports);
        }
      },
    },
  ],
});
console.log(JSON.stringify(report));
