import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** Bytes above which a file is read when it is asked for, and kept by the browser. */
const LARGE = 1 << 20;

export interface Page {
  readonly type: string;
  readonly size: number;
  /** Of a file that the browser may keep: another one once the file is another. */
  readonly tag?: string;
  body(): Uint8Array<ArrayBuffer> | ReadableStream;
}

/** The built pages by name: what is asked for is looked up and never becomes a path. */
export class Pages {
  readonly #files: ReadonlyMap<string, Page>;

  private constructor(files: ReadonlyMap<string, Page>) {
    this.#files = files;
  }

  /** @param folder of the built pages; @param more files that lie elsewhere, by the path that pages ask for */
  static async open(folder: string, more: Readonly<Record<string, string>> = {}): Promise<Pages> {
    const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const own = names
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [`/${relative(folder, path).split(sep).join('/')}`, path] as const);
    const files = await Promise.all(
      [...own, ...Object.entries(more)].map(async ([name, path]) => [name, await pageOf(path)] as const),
    );
    return new Pages(new Map(files));
  }

  /** A file; an address without an ending is one of the pages' own, which all begin with the first. */
  get(path: string): Page | undefined {
    return this.#files.get(path) ?? (extname(path) === '' ? this.#files.get('/index.html') : undefined);
  }
}

async function pageOf(path: string): Promise<Page> {
  const type = TYPES[extname(path)] ?? 'application/octet-stream';
  const { size, mtimeMs } = await stat(path);
  if (size > LARGE) {
    const tag = `"${size}-${Math.trunc(mtimeMs)}"`;
    return { type, size, tag, body: () => Readable.toWeb(createReadStream(path)) };
  }
  const bytes = new Uint8Array(await readFile(path));
  return { type, size: bytes.length, body: () => bytes };
}
