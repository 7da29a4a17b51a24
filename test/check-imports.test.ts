import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

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

/** Files that break a rule each, and what is said of them. */
const BROKEN: readonly [string, string, string, RegExp][] = [
  [
    'an import from above',
    'engine/up.ts',
    "\nimport { a } from '../cli/a.ts';",
    /up\.ts:2 imports \.\.\/cli\/a\.ts\n.*engine may not import from cli.*\n {2}help: /,
  ],
  [
    'a type from above',
    'engine/type.ts',
    "import type { A } from '../cli/a.ts';",
    /type\.ts:1.*\n.*engine may not import from cli/,
  ],
  [
    'import() as a type',
    'engine/late-type.ts',
    "export type B = import('../cli/a.ts').A;",
    /late-type\.ts:1.*\n.*not import from cli/,
  ],
  [
    'a re-export from above',
    'common/all.ts',
    "export * from '../engine/b.ts';",
    /all\.ts:1.*\n.*common may not import from engine/,
  ],
  [
    'a late import from above',
    'common/late.ts',
    "export const f = () => import('../cli/a.ts');",
    /late\.ts:1.*\n.*common may not/,
  ],
  ['the entry', 'engine/entry.ts', "import { a } from '../index.ts';", /entry\.ts:1.*\n.*the entry files/],
  [
    'Node in the browser',
    'model/x.ts',
    "import { readFileSync } from 'node:fs';",
    /model runs in the browser/,
  ],
  [
    'Node without its prefix',
    'engine/fs.ts',
    "import fs from 'fs';",
    /engine\/fs\.ts.*\n.*engine runs in the browser/,
  ],
  ['DuckDB in the browser', 'data/x.ts', "import '@duckdb/node-api';", /data runs in the browser/],
  [
    'native in the browser',
    'engine/native.ts',
    "import('onnxruntime-node');",
    /native\.ts.*\n.*engine runs in the browser/,
  ],
  [
    'a circle',
    'engine/b.ts',
    "import './c.ts';",
    /engine\/b\.ts → engine\/c\.ts → engine\/d\.ts → engine\/b\.ts/,
  ],
  ['an unknown floor', 'attic/x.ts', A, /attic\/x\.ts is on no floor/],
];

describe('refused is', () => {
  const { ok, text } = check({
    ...Object.fromEntries(BROKEN.map(([, file, content]) => [file, content])),
    'engine/c.ts': "import './d.ts';",
    'engine/d.ts': "import './b.ts';",
    'cli/a.ts': A,
    'index.ts': A,
  });
  test.each(BROKEN)('%s', (_, __, ___, message) => {
    expect(text).toMatch(message);
  });
  test('nothing else', () => {
    expect(ok).toBe(false);
    expect(text).toMatch(new RegExp(`\n${BROKEN.length} imports against the plan of the house`));
  });
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
