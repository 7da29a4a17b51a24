import type { ServeOptions } from './options.ts';
import type { ModelServer } from './serve.ts';

export type { ServeLimits, ServeOptions } from './options.ts';
export type { ModelServer } from './serve.ts';

/**
 * Serves a model over HTTP: `POST /predict`, the Open Inference Protocol under `/v2`, a page at `/`, `/metrics`, `/openapi.json`.
 *
 * @param place a model folder, or a model in a single file
 * @throws `model-invalid`, `runtime-unavailable`, `address-unavailable`, `usage-invalid`
 * @example
 * const server = await serve('runs/first/model', { port: 8080 });
 * await fetch(`${server.url}/predict`, {
 *   method: 'POST',
 *   headers: { 'Content-Type': 'application/json' },
 *   body: JSON.stringify({ age: 41, education: 'Bachelors' }),
 * });
 * await server.close();
 */
export async function serve(place: string, options: ServeOptions = {}): Promise<ModelServer> {
  // What speaks HTTP is loaded by those alone who serve.
  const { startServer } = await import('./serve.ts');
  return startServer(place, options);
}
