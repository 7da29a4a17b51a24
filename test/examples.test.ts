import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { needsBrowser, openBrowser } from './support/browser.ts';
import { builtCli } from './support/built-cli.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

let folder: string;
beforeAll(async () => {
  const dist = dirname(await builtCli());
  folder = mkdtempSync(join(tmpdir(), 'polytask-examples-'));
  // The package as it would be installed, with what was built of these sources.
  const installed = join(folder, 'node_modules/polytask');
  mkdirSync(installed, { recursive: true });
  cpSync(join(root, 'package.json'), join(installed, 'package.json'));
  symlinkSync(dist, join(installed, 'dist'));
  cpSync(join(root, 'examples'), folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = promisify(execFile);

async function node(example: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, args, { cwd: join(folder, example), timeout: 60_000 });
  return stdout;
}

/** Starts a server of an example, and hands its address to `work`. */
async function serving(
  example: string,
  script: string,
  work: (address: string) => Promise<void>,
): Promise<void> {
  const child: ChildProcess = spawn(process.execPath, [script], {
    cwd: join(folder, example),
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  try {
    const address = await new Promise<string>((resolve, reject) => {
      child.stdout!.setEncoding('utf8').once('data', (text: string) => resolve(text.trim()));
      void ended.then((code) => reject(new Error(`${script} ended with ${code}`)));
    });
    await work(address);
  } finally {
    child.kill();
    await ended;
  }
}

test('youtube-ranker: the bias is found, and the ranking better without it', async () => {
  const stdout = await node('youtube-ranker', 'rank.mjs');
  const lines = stdout.trim().split('\n');
  const positions = lines.filter((line) => line.startsWith('position'));
  expect(positions).toHaveLength(8);
  for (const line of positions) {
    const [, learned, injected] = /learned (\S+), log\(examination\) (\S+)/.exec(line)!.map(Number);
    expect(Math.abs(learned! - injected!), line).toBeLessThan(0.6);
  }
  const [without, ignored] = lines.slice(8).map((line) => Number(line.split(': ')[1]));
  expect(without).toBeGreaterThan(ignored! + 0.03);
});

describe('node-service', () => {
  beforeAll(async () => void (await node('node-service', 'train.mjs')));

  test('plans with a model, and refuses what is no day', async () => {
    await serving('node-service', 'service.mjs', async (address) => {
      const ask = (body: string): Promise<Response> => fetch(address, { method: 'POST', body });
      const cold = await ask('{"weekday":"Sat","temperature":4,"event":true}');
      const warm = await ask('{"weekday":"Tue","temperature":25,"event":false}');
      const plans = [await cold.json(), await warm.json()] as { beans: number; people: number }[];
      expect(plans[0]!.beans).toBeGreaterThan(plans[1]!.beans + 1);
      expect(plans.map(({ people }) => people)).toEqual([3, 2]);
      expect((await ask('{"weekday":')).status).toBe(400);
      expect((await fetch(address)).status).toBe(404);
    });
  });

  test('its types are those of its model, and see what is misspelt', async () => {
    const cli = join(folder, 'node_modules/polytask/dist/cli.mjs');
    const declared = (text: string): string => text.slice(text.indexOf('\n')).trimEnd();
    expect(declared(await node('node-service', cli, 'types', 'cafe.onnx'))).toBe(
      declared(readFileSync(join(root, 'examples/node-service/cafe.d.ts'), 'utf8')),
    );
    const service = readFileSync(join(root, 'examples/node-service/service.mjs'), 'utf8');
    expect(wrongIn(service)).toEqual([]);
    expect(wrongIn(service.replace('cups.value', 'cups.valeu'))).toEqual([
      expect.stringMatching(/'valeu' does not exist.*'value'/),
    ]);
    expect(wrongIn(service.replace('predict(day)', 'predict({ ...day, event: 1 })')).length).toBe(1);
  });
});

/** Files that are the same whatever the service is. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** What TypeScript says of the service. */
function wrongIn(service: string): string[] {
  const file = join(root, 'examples/node-service/service.mjs');
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    allowJs: true,
    checkJs: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    paths: { polytask: [join(root, 'src/index.ts')] },
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (name, target) => {
    if (name === file) return ts.createSourceFile(name, service, target);
    if (!parsed.has(name)) parsed.set(name, getSourceFile(name, target));
    return parsed.get(name);
  };
  const program = ts.createProgram([file], options, host);
  return program
    .getSemanticDiagnostics(program.getSourceFile(file))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('web-page', () => {
  beforeEach(needsBrowser);

  test('predicts from a form, and asks nobody else', async () => {
    await node('web-page', 'train.mjs');
    await serving('web-page', 'serve.mjs', async (address) => {
      const browser = (await openBrowser())!;
      try {
        const page = await browser.newPage();
        const asked: string[] = [];
        const wrong: string[] = [];
        page.on('request', (request) => asked.push(request.url()));
        page.on('pageerror', (error) => wrong.push(error.message));
        page.on('console', (message) => void (message.type() === 'error' && wrong.push(message.text())));
        await page.goto(address);
        const answer = page.locator('#answer');
        const cups = async (): Promise<number> => {
          await page.waitForFunction(() => /cups/.test(document.getElementById('answer')!.textContent!));
          return Number.parseInt((await answer.textContent())!, 10);
        };
        const before = await cups();
        await page.fill('[name=temperature]', '-5');
        await page.selectOption('[name=weekday]', 'Sat');
        await page.check('[name=event]');
        await page.waitForFunction(
          (old) => Number.parseInt(document.getElementById('answer')!.textContent!, 10) > old,
          before + 50,
        );
        expect(await answer.textContent()).toMatch(/^\d+ cups, \d+ % that there will be a queue$/);
        expect(asked.filter((url) => !url.startsWith(address) && !url.startsWith('data:'))).toEqual([]);
        expect(asked.filter((url) => url.endsWith('.wasm'))).toHaveLength(1);
        expect(wrong).toEqual([]);
      } finally {
        await browser.close();
      }
    });
  });
});

test('python: ONNX Runtime alone predicts the same from the one file', async () => {
  await node('python', 'train.mjs');
  const script = join(folder, 'python/predict.py');
  expect(existsSync(script)).toBe(true);
  // The one place where it depends on the machine what is tested: the script compares its predictions with Polytask's.
  const there = await run('python3', ['-c', 'import onnxruntime, numpy']).catch(() => undefined);
  if (there === undefined) return;
  const { stdout } = await run('python3', [script]);
  expect(stdout.trim().split('\n')).toHaveLength(3);
});
