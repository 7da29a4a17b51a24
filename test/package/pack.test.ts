import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const built = existsSync(join(root, 'dist', 'cli.mjs'));
const run = promisify(execFile);

const scratch = mkdtempSync(join(tmpdir(), 'polytask-pack-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let tarball = '';
beforeAll(() => {
  if (!built) return;
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', scratch];
  const [packed] = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }));
  tarball = join(scratch, packed.filename);
});
beforeEach((context) => {
  context.skip(!built, 'the package is not built: npm run build');
});

/** Installs the tarball into an empty folder, as a user would. */
async function install(name: string, flags: readonly string[]): Promise<string> {
  const folder = join(scratch, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "name": "user", "private": true, "type": "module" }');
  const args = ['install', tarball, '--no-audit', '--no-fund', '--prefer-offline', ...flags];
  await run('npm', args, { cwd: folder, timeout: 180_000 });
  return folder;
}

async function polytask(folder: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('npx', ['--no-install', 'polytask', ...args], {
    cwd: folder,
    timeout: 60_000,
  });
  return stdout.trim();
}

interface Doctor {
  readonly ok: boolean;
  readonly chosen: string;
  readonly runtimes: readonly {
    readonly name: string;
    readonly available: boolean;
    readonly reason?: string;
  }[];
}
const doctor = async (folder: string): Promise<Doctor> =>
  JSON.parse(await polytask(folder, 'doctor', '--json'));

const PROGRAM = `
  import { openRuntime } from 'polytask';
  import { compile, input, mul, tensorData } from 'polytask/engine';
  const runtime = await openRuntime({ threads: 1 });
  const x = input('x', [2]);
  const session = await runtime.load(compile({ y: mul(x, x) }));
  const { y } = await session.run({ x: tensorData([3, 4], [2]) });
  console.log(runtime.name, [...y.data].join());
`;
const program = async (folder: string): Promise<string> =>
  (await run(process.execPath, ['--input-type=module', '-e', PROGRAM], { cwd: folder })).stdout.trim();

/** The demo as a user would run it, made short; its table comes with a dependency. */
async function demo(folder: string): Promise<void> {
  const last = (await polytask(folder, 'demo', '--quick', '--json', '--out', 'run')).split('\n').at(-1)!;
  const { verdict, tasks, report, model } = JSON.parse(last);
  expect(['share', 'separate', 'mixed', 'undecided']).toContain(verdict);
  expect(Object.keys(tasks).sort()).toEqual(['cost', 'damage', 'size', 'speed']);
  expect(readFileSync(report, 'utf8')).toContain('<svg');
  expect(existsSync(join(model, 'model.onnx'))).toBe(true);
}

// An installation waits for the registry, and for whatever else the machine is doing.
describe('the packed package', { timeout: 240_000 }, () => {
  test('installed without install scripts works natively, and without the native package on wasm', async () => {
    const folder = await install('without-scripts', ['--ignore-scripts']);
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(await polytask(folder, '--version')).toBe(version);
    expect(await doctor(folder)).toMatchObject({ ok: true, chosen: 'native' });
    expect(await program(folder)).toBe('native 9,16');
    await demo(folder);

    rmSync(join(folder, 'node_modules', 'onnxruntime-node'), { recursive: true });
    const { ok, chosen, runtimes } = await doctor(folder);
    expect({ ok, chosen }).toEqual({ ok: true, chosen: 'wasm' });
    expect(runtimes[0]).toMatchObject({ name: 'native', available: false });
    expect(runtimes[0]!.reason).toMatch(/onnxruntime-node/);
    expect(await program(folder)).toBe('wasm 9,16');
  });

  // Where its install script cannot fetch GPU libraries, npm drops onnxruntime-node without a word.
  test('installed plainly works with what npm has kept', async () => {
    const folder = await install('plain', []);
    const kept = existsSync(join(folder, 'node_modules', 'onnxruntime-node'));
    expect(await doctor(folder)).toMatchObject({ ok: true, chosen: kept ? 'native' : 'wasm' });
    expect(await program(folder)).toBe(`${kept ? 'native' : 'wasm'} 9,16`);
    await demo(folder);
  });

  test('its engine reaches nothing of Node', () => {
    const seen = new Set<string>();
    const packages = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      const imports = readFileSync(file, 'utf8').matchAll(/^\s*(?:import|export)\b[^'"]*["']([^"']+)["']/gm);
      for (const [, specifier] of imports)
        if (specifier!.startsWith('.')) visit(resolve(dirname(file), specifier!));
        else packages.add(specifier!.split('/').slice(0, 2).join('/'));
    };
    visit(join(root, 'dist', 'engine.mjs'));
    expect([...packages].filter((name) => name !== '@bufbuild/protobuf')).toEqual([]);
  });
});
