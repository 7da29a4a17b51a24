import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { closedError } from '../../engine/runtime/failure.ts';
import type { Runtime, RuntimeName, Session, Stepper } from '../../engine/runtime/runtime.ts';
import { openLocal } from './local.ts';
import { attempt, type RuntimeOptions } from './probe.ts';
import {
  errorData,
  type Ready,
  type Request,
  type RequestName,
  type Requests,
  surrendered,
} from './protocol.ts';
import { reportOf } from './report.ts';

type Handlers = { [N in RequestName]: (ask: Requests[N]['ask']) => Promise<Requests[N]['answer']> };

/** Answers requests with a runtime of this thread; it alone owns the sessions. */
function handlersOf(runtime: Runtime): Handlers {
  const sessions = new Map<number, Session>();
  const steppers = new Map<number, Stepper>();
  let next = 1;
  const session = (id: number): Session => sessions.get(id) ?? gone();
  const stepper = (id: number): Stepper => steppers.get(id) ?? gone();
  return {
    load: async ({ program }) => {
      const id = next++;
      sessions.set(id, await runtime.load(program));
      return id;
    },
    loadStep: async ({ program }) => {
      const id = next++;
      steppers.set(id, await runtime.loadStep(program));
      return id;
    },
    run: async ({ id, feeds }) => session(id).run(feeds),
    bind: async ({ id, feeds }) => void (await stepper(id).bind(feeds)),
    write: async ({ id, values }) => void (await stepper(id).write(values)),
    read: async ({ id, names }) => stepper(id).read(names),
    advance: async ({ id, steps, inputs }) => stepper(id).advance(steps, inputs),
    recall: async ({ id }) => (await stepper(id).memory?.read()) ?? null,
    remember: async ({ id, memory }) => void (await stepper(id).memory?.write(memory)),
    closeLoaded: async ({ id }) => {
      const loaded = sessions.get(id) ?? steppers.get(id);
      sessions.delete(id);
      steppers.delete(id);
      await loaded?.close();
    },
    upload: ({ tensor }) => runtime.upload(tensor),
    release: async ({ handle }) => void (await runtime.release(handle)),
    close: async () => void (await runtime.close()),
  };
}

function gone(): never {
  throw closedError('session');
}

async function serve(port: NonNullable<typeof parentPort>, options: RuntimeOptions): Promise<void> {
  let runtime: Runtime;
  try {
    runtime = await openLocal(options);
  } catch (error) {
    port.postMessage({ error: errorData(error) } satisfies Ready);
    return;
  }
  const handlers = handlersOf(runtime);
  port.on('message', async ({ request, name, ask }: Request) => {
    try {
      const { message, transfer } = surrendered(await handlers[name](ask as never));
      port.postMessage({ request, answer: message }, transfer);
    } catch (error) {
      port.postMessage({ request, error: errorData(error) });
    }
  });
  port.postMessage({ name: runtime.name, threads: runtime.threads, note: runtime.note } satisfies Ready);
}

if (!isMainThread && parentPort !== null) await serve(parentPort, workerData as RuntimeOptions);
else if (process.argv[2] !== undefined) {
  // A probe in a process of its own: a driver that aborts takes nobody along.
  const name = process.argv[2] as RuntimeName;
  console.log(JSON.stringify(reportOf(name, await attempt(name, JSON.parse(process.argv[3] ?? '{}')))));
  process.exit(0);
}
