import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getRequestListener } from '@hono/node-server';
import { PolytaskError } from '../common/error.ts';
import { createStudio } from './app.ts';
import { Catalogue } from './catalogue.ts';
import { Models } from './models.ts';
import { Pages } from './pages.ts';

/** A studio that is open. */
export interface Studio {
  /** Such as `http://127.0.0.1:4747`. */
  readonly url: string;
  close(): Promise<void>;
}

export interface StudioOptions {
  /** 4747 unless given; 0 takes a free one. */
  readonly port?: number;
  /** Where the built pages are; default: in the package. */
  readonly pages?: string;
}

const PORT = 4747;

/**
 * Opens the studio over a folder of runs: pages that show, compare and follow them. Only this machine reaches it.
 *
 * @throws `run-folder` for what is no folder, `address-unavailable`
 * @example
 * const studio = await openStudio('runs');
 * console.log(studio.url); // http://127.0.0.1:4747
 */
export async function openStudio(
  folder: string,
  { port = PORT, pages = builtPages() }: StudioOptions = {},
): Promise<Studio> {
  await checkFolder(folder);
  const models = new Models();
  const app = createStudio({ catalogue: new Catalogue(folder), models, pages: await openPages(pages) });
  const server = createServer(getRequestListener(app.fetch));
  await new Promise<void>((done, failed) => {
    server.once('error', (cause: NodeJS.ErrnoException) => failed(unavailable(port, cause)));
    server.listen(port, '127.0.0.1', done);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
      await models.close();
    },
  };
}

async function openPages(folder: string): Promise<Pages> {
  const pages = await Pages.open(folder, ortFiles());
  if (pages.get('/') !== undefined) return pages;
  throw new PolytaskError('pages-missing', {
    path: folder,
    expected: 'the built pages of the studio',
    found: 'no index.html',
    help: 'Install the package again, or build it: npm run build.',
  });
}

/** The engine's runtimes in a page, as their package has them. */
function ortFiles(): Record<string, string> {
  const wasm = createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm');
  const names = [
    'ort.wasm.bundle.min.mjs',
    'ort-wasm-simd-threaded.wasm',
    'ort.webgpu.bundle.min.mjs',
    'ort-wasm-simd-threaded.asyncify.wasm',
  ];
  return Object.fromEntries(names.map((name) => [`/ort/${name}`, join(dirname(wasm), name)]));
}

const builtPages = (): string => join(fileURLToPath(new URL('.', import.meta.url)), 'studio');

async function checkFolder(folder: string): Promise<void> {
  const info = await stat(folder).catch(() => undefined);
  if (info?.isDirectory()) return;
  throw new PolytaskError('run-folder', {
    path: resolve(folder),
    expected: 'a folder with runs',
    found: info === undefined ? 'nothing' : 'a file',
    help: 'Give the folder that runs are written to, such as runs.',
  });
}

function unavailable(port: number, cause: NodeJS.ErrnoException): PolytaskError {
  return new PolytaskError('address-unavailable', {
    path: `127.0.0.1:${port}`,
    expected: 'a port that is free',
    found: cause.code ?? cause.message,
    help: 'Choose another with --port, or 0 for any that is free.',
    cause,
  });
}
