import type { IncomingMessage } from 'node:http';
import { Hono } from 'hono';
import { PolytaskError } from '../../common/error.ts';
import { tokenCheck } from './auth.ts';
import type { PageFiles } from './page/page-files.ts';
import { asRefusal, errorText, inferenceErrorText, statusOf } from './refusal.ts';
import type { Asked, Reply, Route } from './route.ts';
import { routesOf } from './routes.ts';
import type { Service } from './service.ts';

type Env = { Bindings: { incoming?: IncomingMessage } };

const JSON_TYPE = { 'Content-Type': 'application/json' };

/** The server as a Hono app: needs no port, as its tests show. */
export function createApp(service: Service, page: PageFiles | undefined): Hono<Env> {
  const app = new Hono<Env>();
  const checkToken = tokenCheck(service.settings.token);
  const routes = routesOf(service, page);
  const respond = async (route: Route, asked: Asked): Promise<Response> => {
    const started = performance.now();
    let reply: Reply;
    let reason: string | undefined;
    try {
      if (!route.open) checkToken(asked.request.headers.get('authorization') ?? undefined);
      reply = await route.answer(asked);
    } catch (cause) {
      const error = asRefusal(cause);
      reason = error.code;
      if (error.code === 'unexpected') service.settings.note(`a request failed: ${String(error.cause)}`);
      reply = refusalOf(error, route.inference === true);
    }
    service.metrics.answered(route.path, reply.status, (performance.now() - started) / 1000, reason);
    return new Response(reply.text, { status: reply.status, headers: { ...JSON_TYPE, ...reply.headers } });
  };
  for (const route of routes)
    app.on(route.method, route.path, (c) =>
      respond(route, { request: c.req.raw, incoming: c.env?.incoming, name: c.req.param('name') }),
    );
  for (const path of new Set(routes.map((route) => route.path))) {
    const here = routes.filter((route) => route.path === path);
    const allowed = here.map(({ method }) => (method === 'GET' ? 'GET, HEAD' : method)).join(', ');
    app.all(path, (c) =>
      respond(
        { ...here[0]!, answer: () => refuseMethod(c.req.method, allowed) },
        { ...NOTHING, request: c.req.raw },
      ),
    );
  }
  app.all('*', (c) => respond(UNKNOWN, { ...NOTHING, request: c.req.raw }));
  app.onError((cause) => {
    const { status, text } = refusalOf(asRefusal(cause), false);
    return new Response(text, { status, headers: JSON_TYPE });
  });
  return app;
}

const NOTHING = { incoming: undefined, name: undefined };

const UNKNOWN: Route = {
  method: 'GET',
  path: 'other',
  open: true,
  answer: () => {
    throw new PolytaskError('route-unknown', {
      path: 'URL',
      expected: 'a path of this server',
      found: 'another',
      help: 'Predictions are at POST /predict; /openapi.json lists everything.',
    });
  },
};

/** An error as an answer, with the headers that belong to its status. */
export function refusalOf(error: PolytaskError, inference: boolean): Reply {
  const status = statusOf(error);
  return {
    status,
    text: inference ? inferenceErrorText(error) : errorText(error),
    headers: {
      ...(status === 503 && { 'Retry-After': '1' }),
      ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }),
      // What is left of a body that is too large is not read.
      ...(status === 413 && { Connection: 'close' }),
    },
  };
}

function refuseMethod(method: string, allowed: string): Reply {
  const error = new PolytaskError('method-unknown', {
    path: 'method',
    expected: allowed,
    found: method,
    help: 'See /openapi.json for what each path takes.',
  });
  return { ...refusalOf(error, false), headers: { Allow: allowed } };
}
