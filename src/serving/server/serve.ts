import type { IncomingMessage } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { createApp, refusalOf } from './app.ts';
import { busy } from './batcher.ts';
import { HttpServer } from './http-server.ts';
import { type ServeOptions, settingsOf } from './options.ts';
import { ownFiles } from './own-files.ts';
import { readPage } from './page/page-files.ts';
import { errorText, inferenceErrorText, invalidRequest } from './refusal.ts';
import { Service } from './service.ts';

/** A server that runs. */
export interface ModelServer {
  /** Such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** What the model is called in the Open Inference Protocol. */
  readonly name: string;
  /** Of the model that answers now. */
  readonly version: string;
  readonly workers: number;
  /** Looks for a new model at once. @returns whether there is one, and it answers now */
  reload(): Promise<boolean>;
  /**
   * Accepts nothing more, finishes what is on its way, and ends.
   *
   * @param seconds after which connections are cut; default 10
   * @returns whether everything was finished
   */
  close(seconds?: number): Promise<boolean>;
}

/** See `serve`. */
export async function startServer(place: string, options: ServeOptions = {}): Promise<ModelServer> {
  const files = { ...ownFiles(), ...options.files };
  const settings = settingsOf(place, options, files.worker);
  const service = await Service.open(place, settings);
  const app = createApp(service, files.page && (await readPage(files.page)));
  const listener = getRequestListener(app.fetch as (request: Request) => Promise<Response>, {
    errorHandler: (cause) => refusedUrl(cause),
  });
  const http = new HttpServer(settings.limits, listener, shedding(service));
  const url = await http.listen(settings.host, settings.port).catch(async (cause: unknown) => {
    await service.close();
    throw cause;
  });
  if (!LOOPBACK.test(settings.host) && settings.token === undefined)
    settings.note(
      `warning: ${url} is open to others, who need no token\n  help: Give one, --token or POLYTASK_TOKEN.`,
    );
  return {
    url,
    name: settings.name,
    get version() {
      return service.generation.version;
    },
    get workers() {
      return service.workers;
    },
    reload: () => service.reload(),
    close: async (seconds = 10) => {
      const finished = await http.drain(seconds);
      await service.close();
      return finished;
    },
  };
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|::1|\[::1\])$/i;

/** Refuses predictions while there is no room for them. */
function shedding({ batcher, metrics }: Service): (request: IncomingMessage) => Buffer | undefined {
  const [plain, inference] = [errorText, inferenceErrorText].map((text) =>
    Buffer.from(text(busy('all that may wait'))),
  );
  return ({ method, url = '' }) => {
    if (method !== 'POST' || !batcher.full) return undefined;
    const isInference = url.startsWith('/v2/');
    metrics.answered(isInference ? '/v2/models/:name/infer' : '/predict', 503, 0, 'server-busy');
    return isInference ? inference : plain;
  };
}

/** What has no URL, such as a request without a host. */
function refusedUrl(cause: unknown): Response {
  const found = cause instanceof Error ? cause.message : 'none';
  const { status, text } = refusalOf(
    invalidRequest('URL', 'a URL and a host', found, 'Use an HTTP client.'),
    false,
  );
  return new Response(text, { status, headers: { 'Content-Type': 'application/json' } });
}
