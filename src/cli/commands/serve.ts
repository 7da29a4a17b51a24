import type { Command } from 'commander';
import type { ModelServer, ServeOptions } from '../../serving/server/index.ts';
import { act } from '../command.ts';
import { EXIT } from '../exit.ts';
import { alertNow, type Io } from '../io.ts';
import { usage } from '../usage.ts';

interface Options {
  readonly port: string;
  readonly host: string;
  readonly name?: string;
  readonly token?: string;
  readonly workers?: string;
  readonly batchRows?: string;
  readonly batchWait?: string;
  readonly reload: string;
  readonly drain: string;
  readonly maxBody?: string;
  readonly maxRows?: string;
  readonly queue?: string;
  readonly timeout?: string;
  readonly receiveTimeout?: string;
}

export function addServe(program: Command): void {
  const command = program
    .command('serve')
    .summary('serve a trained model over HTTP')
    .description(
      'Answers POST /predict and the Open Inference Protocol under /v2, with a page to try it at /, /metrics and /openapi.json. A new model at the same place takes over by itself.',
    )
    .argument('<model>', 'the folder "model" of a run, or a model in a single file')
    .option('--port <n>', 'where to listen; 0 takes a free one', '8080')
    .option('--host <address>', 'who may reach it: 0.0.0.0 for everybody', '127.0.0.1')
    .option('--name <name>', 'what the model is called under /v2 (default: after its folder)')
    .option(
      '--token <token>',
      'asked for as "Authorization: Bearer …" (or POLYTASK_TOKEN, which others cannot see)',
    )
    .option('--workers <n>', 'threads that predict (default: the cores, at most 4)')
    .option('--batch-rows <n>', 'rows that go through the graph together at most (default: 1024)')
    .option('--batch-wait <ms>', 'how long a request waits for others though a worker is free (default: 0)')
    .option('--reload <seconds>', 'how often to look for a new model; 0 never', '2')
    .option('--drain <seconds>', 'how long requests may take to finish when the server is stopped', '10')
    .option('--max-body <bytes>', 'of a request (default: 8388608)')
    .option('--max-rows <n>', 'of a request (default: 10000)')
    .option('--queue <n>', 'requests that wait at most; others get 503 (default: 1024)')
    .option('--timeout <seconds>', 'until a request is given up (default: 30)')
    .option('--receive-timeout <seconds>', 'that a client may take to send a request (default: 30)');
  act(command, async (io, options: Options, place: string): Promise<number> => {
    const { serve } = await import('../../serving/server/index.ts');
    const drain = number('--drain', options.drain)!;
    const server = await serve(place, serveOptions(options, io));
    const { url, name, version, workers } = server;
    io.note(
      `${name} (version ${version}) is served at ${url} by ${workers} ${workers === 1 ? 'worker' : 'workers'}`,
    );
    io.note(`  a page to try it: ${url}/\n  stop with Ctrl-C`);
    if (io.json) process.stdout.write(`${JSON.stringify({ url, name, version, workers })}\n`);
    return untilStopped(server, drain, io);
  });
}

function serveOptions(options: Options, io: Io): ServeOptions {
  const { host, name, token = process.env.POLYTASK_TOKEN } = options;
  return {
    host,
    port: number('--port', options.port)!,
    ...(name !== undefined && { name }),
    ...(token !== undefined && { token }),
    ...defined({
      workers: number('--workers', options.workers),
      batchRows: number('--batch-rows', options.batchRows),
      batchWait: number('--batch-wait', options.batchWait),
      reloadEvery: number('--reload', options.reload),
    }),
    limits: defined({
      bodyBytes: number('--max-body', options.maxBody),
      rows: number('--max-rows', options.maxRows),
      queue: number('--queue', options.queue),
      seconds: number('--timeout', options.timeout),
      receiveSeconds: number('--receive-timeout', options.receiveTimeout),
    }),
    note: (text) => io.note(text),
  };
}

/** Waits for a signal, finishes what is on its way, and answers the exit code. A second signal ends at once. */
function untilStopped(server: ModelServer, drain: number, io: Io): Promise<number> {
  return new Promise((resolve) => {
    let stopping = false;
    const stop = async (): Promise<void> => {
      if (stopping) process.exit(EXIT.stopped);
      stopping = true;
      if (!io.quiet) alertNow('Stopping once all requests are answered; once more to stop at once.');
      const finished = await server.close(drain);
      if (!finished) io.alert(`Some requests took longer than ${drain} s and were cut off.`);
      resolve(EXIT.ok);
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
    if (process.platform !== 'win32') process.on('SIGHUP', () => void server.reload());
  });
}

function number(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw usage(flag, 'a number from 0', text, 'Write it in digits, such as 8080.');
}

function defined<T extends object>(record: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as never;
}
