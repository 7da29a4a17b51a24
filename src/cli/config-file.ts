import { readFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Document, LineCounter } from 'yaml';
import { PolytaskError } from '../common/error.ts';

/** A config as it was read, which can tell where in the file a setting stands. */
export interface ConfigFile {
  readonly value: object;
  /** The folder of the file, from which its relative paths start. */
  readonly directory: string;
  /** The same error with file, line and column where its path is a setting of the file. */
  locate(error: unknown): unknown;
}

/**
 * Reads a config: YAML, JSON, or a module whose default export it is.
 *
 * @throws `config-unreadable`, `config-syntax` with line and column
 */
export async function readConfig(path: string): Promise<ConfigFile> {
  const full = resolve(path);
  const ending = extname(full).toLowerCase();
  if (MODULES.includes(ending)) return { ...(await readModule(path, full)), directory: dirname(full) };
  if (TEXTS.includes(ending)) return { ...(await readText(path, full)), directory: dirname(full) };
  throw new PolytaskError('config-unreadable', {
    path,
    expected: `a file that ends in ${[...TEXTS, ...MODULES].join(', ')}`,
    found: ending === '' ? 'no ending' : ending,
    help: 'Rename the file; "polytask init" writes a config to begin with.',
  });
}

const TEXTS = ['.yaml', '.yml', '.json'];
const MODULES = ['.mjs', '.js', '.cjs', '.ts', '.mts'];

type Content = Omit<ConfigFile, 'directory'>;

async function readText(path: string, full: string): Promise<Content> {
  const text = await readFile(full, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(path, cause);
  });
  const { parseDocument, LineCounter } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new PolytaskError('config-syntax', {
      path: `${path}:${line}:${col}`,
      expected: path.endsWith('.json') ? 'JSON' : 'YAML',
      found: error.message.split('\n')[0]!,
      help: `Look at line ${line}, column ${col}; indentation, colons and quotes are the usual causes.`,
    });
  }
  if (path.endsWith('.json')) refuseLooseJson(path, text, lines);
  return {
    value: asRecord(path, document.toJS()),
    locate: (failure) => locate(failure, path, document, lines),
  };
}

/** YAML takes more than JSON does: commas at the end, names without quotes. */
function refuseLooseJson(path: string, text: string, lines: LineCounter): void {
  try {
    JSON.parse(text);
  } catch (cause) {
    const { message } = cause as Error;
    const { line, col } = lines.linePos(Number(/position (\d+)/.exec(message)?.[1] ?? 0));
    throw new PolytaskError('config-syntax', {
      path: `${path}:${line}:${col}`,
      expected: 'JSON',
      found: message.split('\n')[0]!,
      help: `Look at line ${line}, column ${col}; commas at the end and single quotes are the usual causes.`,
      cause,
    });
  }
}

async function readModule(path: string, full: string): Promise<Content> {
  let loaded: { default?: unknown };
  try {
    loaded = (await import(pathToFileURL(full).href)) as { default?: unknown };
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ERR_MODULE_NOT_FOUND' || code === 'ENOENT')
      throw unreadable(path, cause as NodeJS.ErrnoException);
    const typescript = code === 'ERR_UNKNOWN_FILE_EXTENSION';
    throw new PolytaskError('config-syntax', {
      path,
      expected: 'a module that can be loaded',
      found: message.split('\n')[0]!,
      help: typescript
        ? 'Node reads TypeScript from version 22.18 on; with an older one write the config as .mjs or .yaml.'
        : 'Run the file with node to see the mistake.',
      cause,
    });
  }
  return { value: asRecord(path, loaded.default), locate: (error) => error };
}

function asRecord(path: string, value: unknown): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new PolytaskError('config-invalid', {
    path,
    expected: 'settings by name, as the content or the default export',
    found: value === undefined || value === null ? 'nothing' : Array.isArray(value) ? 'a list' : typeof value,
    help: '"polytask init data.csv --task COLUMN" writes a config to begin with.',
  });
}

function unreadable(path: string, cause: NodeJS.ErrnoException): PolytaskError {
  const { code = 'unknown' } = cause;
  return new PolytaskError('config-unreadable', {
    path,
    expected: 'a config file',
    found: FOUND[code] ?? `${code}: ${cause.message.split('\n')[0]}`,
    help: 'Check the path; "polytask init" writes a config to begin with.',
    cause,
  });
}

const FOUND: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'a folder',
  EACCES: 'permission denied',
};

function locate(error: unknown, file: string, document: Document, lines: LineCounter): unknown {
  if (!(error instanceof PolytaskError) || error.path === undefined) return error;
  const offset = offsetOf(document, error.path);
  if (offset === undefined) return error;
  const { line, col } = lines.linePos(offset);
  return error.at(`${file}:${line}:${col} (${error.path})`);
}

interface Node {
  readonly range?: readonly number[] | null;
}
interface MapNode extends Node {
  readonly items: readonly { readonly key: Node & { readonly value?: unknown }; readonly value: unknown }[];
}

/** Where the deepest part of a dotted path begins that the file has; keys may hold dots themselves. */
function offsetOf({ contents }: Document, path: string): number | undefined {
  let node = contents as unknown;
  let rest = path;
  let offset: number | undefined;
  while (rest !== '' && Array.isArray((node as MapNode | null)?.items)) {
    const fitting = (node as MapNode).items
      .filter(
        ({ key }) => rest === String(key?.value) || /^[.:[]/.test(rest.slice(String(key?.value).length)),
      )
      .filter(({ key }) => key?.value !== undefined && rest.startsWith(String(key.value)))
      .sort((a, b) => String(b.key.value).length - String(a.key.value).length);
    const [best] = fitting;
    if (best === undefined) break;
    offset = best.key.range?.[0] ?? offset;
    rest = rest.slice(String(best.key.value).length).replace(/^[.:]\s*/, '');
    node = best.value;
  }
  return offset;
}
