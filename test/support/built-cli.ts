import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsdown';
import { build as buildPages } from 'vite';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Inside node_modules, so that the dependencies resolve. */
const cache = join(root, 'node_modules', '.polytask-cli');
const HOUR = 3_600_000;

/** The built command line: that of `dist` where it is no older than the sources, else one built for these sources. */
export async function builtCli(): Promise<string> {
  const built = join(root, 'dist', 'cli.mjs');
  const time = Math.max(newest(join(root, 'src')), newest(join(root, 'studio')));
  if (existsSync(built) && statSync(built).mtimeMs > time) return built;
  const folder = join(cache, String(Math.round(time)));
  if (!existsSync(folder)) await buildInto(folder);
  return join(folder, 'cli.mjs');
}

/** Test files build at the same time: the first that is done gives its build the name. */
async function buildInto(folder: string): Promise<void> {
  mkdirSync(cache, { recursive: true });
  for (const name of readdirSync(cache)) {
    const old = join(cache, name);
    if (Date.now() - statSync(old).mtimeMs > HOUR) rmSync(old, { recursive: true, force: true });
  }
  const outDir = mkdtempSync(join(cache, 'draft-'));
  await build({ cwd: root, outDir, dts: false, logLevel: 'silent' });
  await buildPages({
    configFile: join(root, 'studio', 'vite.config.ts'),
    build: { outDir: join(outDir, 'studio') },
    logLevel: 'silent',
  });
  try {
    renameSync(outDir, folder);
  } catch {
    rmSync(outDir, { recursive: true, force: true });
  }
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
