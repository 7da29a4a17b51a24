import type { IncomingMessage } from 'node:http';
import { Hono } from 'hono';
import { PolytaskError } from '../../common/error.ts';
import { tokenCheck } from './auth.ts';
import { busy } from './batcher.ts';
import { describeModel } from './describe-model.ts';
import { openApiOf } from './openapi.ts';
import type { PageFiles } from './page/page-files.ts';
import type { Answer, Ask } from './protocol.ts';
import { BodyReader } from './read-body.ts';
import { asRefusal, errorText, inferenceErrorText, statusOf } from './refusal.ts';
import type { Service } from './service.ts';
import { inputTensors, outputTensors } from './tensors.ts';

/** A request as routes see it. */
interface Asked {
  readonly request: Request;
  readonly incoming: IncomingMessage | undefined;
  /** The name of a model in the path. */
  readonly name: string | undefined;
}

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Answered without a token: tells nothing of the model. */
  readonly open?: true;
  /** Errors as the Open Inference Protocol has them. */
  readonly inference?: true;
  answer(asked: Asked): Reply | Promise<Reply>;
}

type Env = { Bindings: { incoming?: IncomingMessage } };

const JSON_TYPE = { 'Content-Type': 'application/json' };
const json = (value: unknown, status = 200): Reply => ({ status, text: JSON.stringify(value) });

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
  return app;
}

const NOTHING = { incoming: undefined, name: undefined };

function routesOf(service: Service, page: PageFiles | undefined): Route[] {
  const { settings, batcher } = service;
  const bodies = new BodyReader(settings.limits);
  const { name } = settings;
  const ask = async (kind: Ask['kind'], { request, incoming }: Asked): Promise<Answer> => {
    if (batcher.full) throw busy(`${batcher.waiting} requests that wait`);
    return bodies.with(request, incoming, (text) => batcher.submit({ kind, text }));
  };
  const named = (asked: Asked): void => {
    if (asked.name !== name) throw unknownModel(name);
  };
  const readiness = (): Reply => json({ ready: service.ready }, service.ready ? 200 : 503);
  return [
    { method: 'POST', path: '/predict', answer: (asked) => ask('predict', asked) },
    {
      method: 'POST',
      path: '/v2/models/:name/infer',
      inference: true,
      answer: (asked) => {
        named(asked);
        return ask('infer', asked);
      },
    },
    { method: 'GET', path: '/health', open: true, answer: () => json({ live: true }) },
    { method: 'GET', path: '/ready', open: true, answer: readiness },
    { method: 'GET', path: '/v2/health/live', open: true, answer: () => json({ live: true }) },
    { method: 'GET', path: '/v2/health/ready', open: true, answer: readiness },
    {
      method: 'GET',
      path: '/v2',
      inference: true,
      answer: () =>
        json({ name: 'polytask', version: service.generation.signature.polytask, extensions: [] }),
    },
    {
      method: 'GET',
      path: '/v2/models/:name',
      inference: true,
      answer: (asked) => {
        named(asked);
        const { signature, version } = service.generation;
        return json({
          name,
          versions: [version],
          platform: 'onnx_polytask',
          inputs: inputTensors(signature),
          outputs: outputTensors(signature).map(({ name, datatype, shape, parameters }) => ({
            name,
            datatype,
            shape,
            ...(parameters && { parameters }),
          })),
        });
      },
    },
    {
      method: 'GET',
      path: '/v2/models/:name/ready',
      inference: true,
      answer: (asked) => {
        named(asked);
        return readiness();
      },
    },
    { method: 'GET', path: '/model', answer: () => json(describeModel(service.generation, name)) },
    { method: 'GET', path: '/openapi.json', answer: () => json(openApiOf(service.generation, settings)) },
    {
      method: 'GET',
      path: '/metrics',
      answer: async () => ({
        status: 200,
        text: await service.metrics.text(),
        headers: { 'Content-Type': service.metrics.contentType },
      }),
    },
    ...(page === undefined
      ? []
      : [
          {
            method: 'GET',
            path: '/',
            open: true,
            answer: () => ({ status: 200, text: page.html, headers: page.headers }),
          } as const,
        ]),
  ];
}

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

function unknownModel(name: string): PolytaskError {
  return new PolytaskError('route-unknown', {
    path: 'URL',
    expected: `/v2/models/${name}`,
    found: 'another model',
    help: 'The server has this one model; --name says what it is called.',
  });
}
