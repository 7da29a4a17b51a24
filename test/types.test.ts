import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readArtefact, typesFile } from '../src/artefact/index.ts';
import { runFit } from '../src/experiment/index.ts';
import type { RunConfigInput } from '../src/index.ts';
import { openFiles } from '../src/serving/model-place.ts';
import { lastLine, polytask } from './support/run-cli.ts';
import { sampleRows } from './support/sample.ts';

const source = fileURLToPath(new URL('../src/', import.meta.url));
let folder: string;
beforeAll(() => {
  // Beside the sources, so that the types of Node are found.
  mkdirSync(join(source, '../node_modules/.polytask-types'), { recursive: true });
  folder = mkdtempSync(join(source, '../node_modules/.polytask-types/', 'types-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LAST = '*/ }; "\\ \' `\n$ {x}';
const rows = sampleRows(150).map(({ x, colour, when, school, side: _, patient: __, ...targets }, i) => ({
  x: i % 11 === 0 ? null : Number(x),
  colour,
  when: new Date(String(when)),
  wet: i % 3 === 0,
  "it's a name": i,
  class: ['a', 'b', `it's`, LAST][i % 4],
  '0': String(i % 5),
  naïve: i % 2,
  school,
  ...targets,
  amount: Number(targets.amount),
  'more-or less': Number(targets.amount),
}));
const ENCODERS = {
  x: 'numeric',
  colour: 'categorical',
  when: 'date',
  wet: 'boolean',
  "it's a name": 'numeric',
  class: 'categorical',
  '0': 'categorical',
  naïve: 'numeric',
} as const;
const FEW = {
  data: rows,
  seeds: 1,
  baseline: false,
  training: { maxEpochs: 1 },
  encoders: ENCODERS,
} as const;

const WIDE: RunConfigInput = {
  ...FEW,
  data: rows.map(({ school: _, ...row }) => row),
  tasks: {
    flag: { kind: 'binary' },
    amount: { kind: 'regression', unit: 'euro */ a day' },
    visits: { kind: 'count', exposure: 'importance' },
    size: { kind: 'ordinal' },
    shape: { kind: 'multiclass' },
    tags: { kind: 'multilabel' },
    'more-or less': { kind: 'regression', loss: 'quantile', quantiles: [0.1, 0.5] },
  },
};
const LONG: RunConfigInput = { ...FEW, tasks: { shape: { kind: 'multiclass' } }, by: 'school' };

async function declare(name: string, config: RunConfigInput, module?: 'polytask/browser'): Promise<void> {
  const { model } = await runFit({ ...config, out: join(folder, `run-${name}`) });
  const artefact = await readArtefact(await openFiles(model));
  writeFileSync(join(folder, `${name}.d.ts`), typesFile(artefact, { ...(module && { module }) }));
}

const HEAD = (name: string, module = 'polytask'): string => `
import { load } from '${module}';
import type { ModelPredictions, ModelRow, ModelTasks } from './${name}.d.ts';
const model = await load<ModelTasks, ModelRow>('model');
`;

const ROW = `{ x: 1, colour: 'red', when: new Date(), wet: true, "it's a name": 2, class: 'a', '0': '3', naïve: 0, note: '' }`;

/** Every wrong line is expected: one that is accepted is an error too. */
const PROGRAMS: Readonly<Record<string, string>> = {
  wide: `${HEAD('wide')}
const row: ModelRow = ${ROW};
const found = await model.predict(row);
const many: ModelPredictions[] = await model.predict([row, { ...row, x: null }, { ...row, colour: 'never seen' }]);
const columns = await model.predict({ x: [1, null], colour: ['red', 'blue'], when: ['2020-01-01', new Date()],
  wet: [true, false], "it's a name": Float32Array.of(1, 2), class: ["it's", ${JSON.stringify(LAST)}], '0': ['1', '2'],
  naïve: [1, 2], note: ['', ''] });
const { x, ...withoutX } = row;
await model.predict(withoutX);
const { wet, ...withoutWet } = row;
// @ts-expect-error: no training row lacked it
await model.predict(withoutWet);
// @ts-expect-error: a column that the model does not have
const stray: ModelRow = { ...row, color: 'red' };
// @ts-expect-error: text for a number
const text: ModelRow = { ...row, x: '1' };
// @ts-expect-error: null where nothing was missing
const missing: ModelRow = { ...row, wet: null };

const yes: boolean = found.flag.label === 'yes';
const label: 'no' | 'yes' = found.flag.label;
const probability: number = found.flag.probability;
// @ts-expect-error: no class
if (found.flag.label === 'maybe') throw new Error();
const value: number = found.amount.value + found.visits.rate + found.size.expected + found['more-or less'].quantiles['0.1'];
// @ts-expect-error: no level
found['more-or less'].quantiles['0.9'];
const size: 'low' | 'medium' | 'high' = found.size.label;
// @ts-expect-error: no class
const other: 'disc' | 'ball' = found.shape.label;
const share: number = found.shape.probabilities.disc + found.tags.probabilities.deep;
// @ts-expect-error: no class
found.shape.probabilities.dics;
const tags: readonly ('cold' | 'deep' | 'warm')[] = found.tags.labels;
// @ts-expect-error: no task
found.flags;
const first: number = columns.amount[0]!.value;
export { yes, label, probability, value, size, other, share, tags, first, many, stray, text, missing, x, wet };
`,
  long: `${HEAD('long')}
const row: ModelRow = { ...${ROW}, school: 's1', flag: 'yes', amount: 1, visits: 1, size: 'low', tags: 'warm',
  importance: 1, 'more-or less': 2 };
const { shape } = await model.predict(row);
const label: 'ball' | 'cube' | 'disc' = shape.label;
// @ts-expect-error: no task
const unknown: ModelRow = { ...row, school: 's9' };
const { school, ...without } = row;
// @ts-expect-error: rows say which task they are of
await model.predict(without);
export { label, school, unknown };
`,
  page: `${HEAD('page', 'polytask/browser')}
const { shape } = (await model.predict([] as ModelRow[]))[0]!;
const label: 'ball' | 'cube' | 'disc' = shape.label;
const predictions: ModelPredictions = { shape };
export { label, predictions };
`,
};

test('declarations compile, and what a model does not know is a type error', async () => {
  await declare('wide', WIDE);
  await declare('long', LONG);
  await declare('page', LONG, 'polytask/browser');
  const files = Object.entries(PROGRAMS).map(([name, text]) => {
    const file = join(folder, `use-${name}.ts`);
    writeFileSync(file, text);
    return file;
  });
  const declarations = ['wide', 'long', 'page'].map((name) => join(folder, `${name}.d.ts`));
  const program = ts.createProgram([...files, ...declarations], {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
    types: ['node'],
    typeRoots: [join(source, '../node_modules/@types')],
    paths: { polytask: [join(source, 'index.ts')], 'polytask/browser': [join(source, 'browser.ts')] },
  });
  const diagnostics = [...files, ...declarations].flatMap((file) => {
    const parsed = program.getSourceFile(file)!;
    return [...program.getSyntacticDiagnostics(parsed), ...program.getSemanticDiagnostics(parsed)];
  });
  const told = ts.formatDiagnostics(diagnostics, {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => folder,
    getNewLine: () => '\n',
  });
  expect(told).toBe('');
}, 60_000);

test('polytask types writes them, or prints them', async () => {
  const temporary = mkdtempSync(join(tmpdir(), 'polytask-types-'));
  const model = fileURLToPath(new URL('fixtures/format-1/wide', import.meta.url));
  const printed = await polytask(['types', model], { cwd: temporary });
  expect(printed.stdout).toMatch(/^\/\/ What[\s\S]*from 'polytask';[\s\S]*ModelPredictions = /);
  const written = await polytask(['types', model, '-o', 'model.d.ts', '--browser', '--json'], {
    cwd: temporary,
  });
  expect(lastLine(written.stdout)).toEqual({ model, out: 'model.d.ts' });
  const page = ts.sys.readFile(join(temporary, 'model.d.ts'))!;
  expect(page.replace("'polytask/browser'", "'polytask'").trimEnd()).toBe(printed.stdout.trimEnd());
  const missing = await polytask(['types', 'nowhere'], { cwd: temporary });
  expect(missing.code).toBe(2);
  expect(missing.stderr).toMatch(/model-invalid at nowhere/);
  rmSync(temporary, { recursive: true });
});
