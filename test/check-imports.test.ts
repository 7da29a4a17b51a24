import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('../scripts/check-imports.mjs', import.meta.url));

function check(files: Record<string, string>): { ok: boolean; text: string } {
  const root = mkdtempSync(join(tmpdir(), 'polytask-imports-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, root], { encoding: 'utf8' });
  rmSync(root, { recursive: true });
  return { ok: status === 0, text: stdout + stderr };
}

test('this repository keeps to its floors', () => {
  const { status, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

const A = 'export const a = 1;\nexport type A = number;\n';

test.each<[string, Record<string, string>, RegExp]>([
  [
    'an import from above',
    { 'engine/x.ts': "\nimport { a } from '../model/a.ts';", 'model/a.ts': A },
    /engine\/x\.ts:2 imports \.\.\/model\/a\.ts\n.*engine may not import from model.*\n {2}help: /,
  ],
  [
    'a type from above',
    { 'engine/x.ts': "import type { A } from '../cli/a.ts';", 'cli/a.ts': A },
    /engine may not import from cli/,
  ],
  [
    'a type written as import()',
    { 'engine/x.ts': "export type B = import('../cli/a.ts').A;", 'cli/a.ts': A },
    /engine may not import from cli/,
  ],
  [
    'a re-export from above',
    { 'common/x.ts': "export * from '../engine/a.ts';", 'engine/a.ts': A },
    /common may not import from engine/,
  ],
  [
    'a late import from above',
    { 'common/x.ts': "export const f = () => import('../engine/a.ts');", 'engine/a.ts': A },
    /common may not import from engine/,
  ],
  ['the entry', { 'engine/x.ts': "import { a } from '../index.ts';", 'index.ts': A }, /the entry files/],
  [
    'Node in the browser',
    { 'model/x.ts': "import { readFileSync } from 'node:fs';" },
    /model runs in the browser/,
  ],
  ['Node without its prefix', { 'engine/x.ts': "import fs from 'fs';" }, /engine runs in the browser/],
  ['DuckDB in the browser', { 'data/x.ts': "import '@duckdb/node-api';" }, /data runs in the browser/],
  ['native in the browser', { 'engine/x.ts': "import('onnxruntime-node');" }, /engine runs in the browser/],
  [
    'a circle',
    {
      'engine/a.ts': "import './b.ts';",
      'engine/b.ts': "import './c.ts';",
      'engine/c.ts': "import './a.ts';",
    },
    /engine\/a\.ts → engine\/b\.ts → engine\/c\.ts → engine\/a\.ts/,
  ],
  ['an unknown floor', { 'attic/x.ts': A }, /attic\/x\.ts is on no floor/],
])('%s is refused', (_, files, message) => {
  const { ok, text } = check(files);
  expect(text).toMatch(message);
  expect(ok).toBe(false);
});

test('what is allowed passes', () => {
  const { ok, text } = check({
    'common/a.ts': A,
    'engine/x.ts':
      "import { a } from '../common/a.ts';\nimport type { Y } from './y.ts';\nexport type X = Y;",
    'engine/y.ts': "import './x.ts';\n// import '../cli/main.ts';\nexport type Y = 'node:fs';",
    'engine/x.test.ts': "import fs from 'node:fs';\nimport '../cli/main.ts';",
    'data/sources/csv.ts': "import '@duckdb/node-api';\nimport 'node:fs';",
    'platform/node/x.ts': "import 'node:os';\nimport '../../engine/x.ts';",
    'cli/main.ts': "import '../engine/x.ts';",
    'index.ts': "import './cli/main.ts';",
  });
  expect(text).toBe('7 files keep to their floors\n');
  expect(ok).toBe(true);
});
