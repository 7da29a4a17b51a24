import { PolytaskError } from '../../common/error.ts';
import { busy } from './batcher.ts';
import { describeModel } from './describe-model.ts';
import { openApiOf } from './openapi.ts';
import type { PageFiles } from './page/page-files.ts';
import type { Answer, Ask } from './protocol.ts';
import { BodyReader } from './read-body.ts';
import type { Asked, Reply, Route } from './route.ts';
import type { Service } from './service.ts';
import { inputTensors, outputTensors } from './tensors.ts';

const json = (value: unknown, status = 200): Reply => ({ status, text: JSON.stringify(value) });

/** All that the server answers. */
export function routesOf(service: Service, page: PageFiles | undefined): Route[] {
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

function unknownModel(name: string): PolytaskError {
  return new PolytaskError('route-unknown', {
    path: 'URL',
    expected: `/v2/models/${name}`,
    found: 'another model',
    help: 'The server has this one model; --name says what it is called.',
  });
}
