#!/usr/bin/env node
// Holds the floors of docs/architecture.md: imports go only to floors below, files form no cycle, and what runs in
// the browser imports nothing of Node. Usage: node scripts/check-imports.mjs [source folder]
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const FLOORS = [
  'common',
  'engine',
  'problem',
  'data',
  'model',
  'objective',
  'optimization',
  'diagnosis',
  'artefact',
  'platform',
  'experiment',
  'serving',
  'studio',
  'cli',
];
const BROWSER = new Set([
  'common',
  'engine',
  'problem',
  'data',
  'model',
  'objective',
  'optimization',
  'diagnosis',
  'artefact',
]);
const NODE_FOLDERS = ['data/sources/'];
/** Tests and what only tests import may look anywhere. */
const TESTS = /\.test(-support)?\.tsx?$|\/contract\//;
/** Where circles are the nature of the thing: the gradient of one operator is written with another, and back. */
const CIRCLES = /^engine\/operators\//;
const NODE_PACKAGES = ['onnxruntime-node', '@duckdb/node-api'];

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(process.argv[2] ?? join(here, '..', 'src'));

/** The files to hold to the rules. */
function sourceFiles() {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) =>
      relative(root, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join('/'),
    )
    .filter((file) => !TESTS.test(file))
    .sort();
}

/** What a file imports: specifier, line, and whether only types cross. */
function importsOf(file) {
  const text = readFileSync(join(root, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const imports = [];
  const note = (literal, types) => {
    if (literal === undefined || !ts.isStringLiteralLike(literal)) return;
    const { line } = source.getLineAndCharacterOfPosition(literal.getStart());
    imports.push({ specifier: literal.text, line: line + 1, types });
  };
  const onlyTypes = (clause) =>
    clause !== undefined &&
    (clause.isTypeOnly ||
      (clause.name === undefined &&
        clause.namedBindings !== undefined &&
        ts.isNamedImports(clause.namedBindings) &&
        clause.namedBindings.elements.length > 0 &&
        clause.namedBindings.elements.every((element) => element.isTypeOnly)));
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) note(node.moduleSpecifier, onlyTypes(node.importClause));
    else if (ts.isExportDeclaration(node)) note(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      note(node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      note(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return imports;
}

const floorOf = (file) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : undefined);
const problems = [];
const edges = new Map();

for (const file of sourceFiles()) {
  const floor = floorOf(file);
  const place = FLOORS.indexOf(floor ?? '');
  const complain = (line, specifier, why, help) =>
    problems.push(`${file}:${line} imports ${specifier}\n  ${why}\n  help: ${help}`);
  if (floor !== undefined && place === -1)
    problems.push(
      `${file} is on no floor\n  "${floor}" is not in the list\n  help: add it to FLOORS in scripts/check-imports.mjs and to docs/architecture.md.`,
    );
  const browser = BROWSER.has(floor) && !NODE_FOLDERS.some((folder) => file.startsWith(folder));
  edges.set(file, []);
  for (const { specifier, line, types } of importsOf(file)) {
    if (!specifier.startsWith('.')) {
      const name = specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');
      if (browser && (isBuiltin(specifier) || NODE_PACKAGES.includes(name)))
        complain(line, specifier, `${floor} runs in the browser too`, 'hand it in from src/platform/node.');
      continue;
    }
    const target = posix.normalize(posix.join(posix.dirname(file), specifier));
    if (!existsSync(join(root, target))) continue;
    const other = floorOf(target);
    if (floor !== undefined && (other === undefined || FLOORS.indexOf(other) > place))
      complain(
        line,
        specifier,
        `${floor} may not import from ${other ?? 'the entry files'}, which stands above it`,
        `move what is shared down, or hand it in; the order is ${FLOORS.join(', ')}.`,
      );
    // Types leave no trace when the code runs, so a circle of them is harmless.
    if (!types) edges.get(file).push(target);
  }
}

const state = new Map();
function findCycles(file, path) {
  if (state.get(file) === 'done') return;
  if (state.get(file) === 'open') {
    const circle = [...path.slice(path.indexOf(file)), file];
    if (circle.every((member) => CIRCLES.test(member))) return;
    problems.push(
      `${circle.join(' → ')}\n  these files import each other in a circle\n  help: move what both need into a third file, or import only its types.`,
    );
    return;
  }
  state.set(file, 'open');
  for (const target of edges.get(file) ?? []) findCycles(target, [...path, file]);
  state.set(file, 'done');
}
for (const file of edges.keys()) findCycles(file, []);

if (problems.length > 0) {
  console.error(problems.join('\n\n'));
  console.error(
    `\n${problems.length} import${problems.length === 1 ? '' : 's'} against the plan of the house`,
  );
  process.exit(1);
}
console.log(`${edges.size} files keep to their floors`);
