import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsdown';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The built command line: that of `dist` where it is no older than the sources, else one built for this test run. */
export async function builtCli(): Promise<string> {
  const built = join(root, 'dist', 'cli.mjs');
  if (existsSync(built) && statSync(built).mtimeMs > newest(join(root, 'src'))) return built;
  const outDir = mkdtempSync(join(root, 'node_modules', '.polytask-cli-'));
  process.on('exit', () => rmSync(outDir, { recursive: true, force: true }));
  await build({ cwd: root, outDir, dts: false, logLevel: 'silent' });
  return join(outDir, 'cli.mjs');
}

/** When the last source changed. */
function newest(folder: string): number {
  return Math.max(
    ...readdirSync(folder, { withFileTypes: true }).map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return newest(path);
      return path.endsWith('.test.ts') ? 0 : statSync(path).mtimeMs;
    }),
  );
}
