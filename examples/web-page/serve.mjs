// Serves the page: five files, and nothing else. Any static server will do.
//
//   node train.mjs && node serve.mjs
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const bundle = fileURLToPath(import.meta.resolve('polytask/browser'));
// ONNX Runtime is a dependency of Polytask.
const runtime = createRequire(bundle).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm');

const FILES = {
  '/': [here('index.html'), 'text/html'],
  '/page.mjs': [here('page.mjs'), 'text/javascript'],
  '/cafe.onnx': [here('cafe.onnx'), 'application/octet-stream'],
  '/polytask/browser.mjs': [bundle, 'text/javascript'],
  '/polytask/ort-wasm-simd-threaded.wasm': [runtime, 'application/wasm'],
};

const server = createServer(async ({ url }, response) => {
  const [file, type] = FILES[url] ?? [];
  if (file === undefined) return response.writeHead(404).end();
  return response.writeHead(200, { 'content-type': type }).end(await readFile(file));
});
server.listen(Number(process.env.PORT ?? 8000), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}/`);
});
