import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

interface Page {
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** The built pages, in memory: what is asked for is looked up by name and never becomes a path. */
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
      [...own, ...Object.entries(more)].map(async ([name, path]): Promise<[string, Page]> => {
        const body = new Uint8Array(await readFile(path));
        return [name, { body, type: TYPES[extname(path)] ?? 'application/octet-stream' }];
      }),
    );
    return new Pages(new Map(files));
  }

  /** A file; an address without an ending is one of the pages' own, which all begin with the first. */
  get(path: string): Page | undefined {
    return this.#files.get(path) ?? (extname(path) === '' ? this.#files.get('/index.html') : undefined);
  }
}
