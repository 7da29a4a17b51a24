import { parentPort, workerData } from 'node:worker_threads';
import { openAnswering } from './open-answering.ts';
import type { WorkerAsk, WorkerReply, WorkerStart } from './protocol.ts';
import { asRefusal } from './refusal.ts';

/** A thread of the server: a model of its own, and batches of requests one after the other. */
async function work(port: NonNullable<typeof parentPort>): Promise<void> {
  const tell = (reply: WorkerReply): void => port.postMessage(reply);
  try {
    const { answering } = await openAnswering(workerData as WorkerStart);
    port.on('message', async ({ batch, asks }: WorkerAsk) =>
      tell({ batch, ...(await answering.answer(asks)) }),
    );
    tell({ ready: true });
  } catch (cause) {
    tell({ failed: asRefusal(cause).toJSON() });
  }
}

if (parentPort !== null) await work(parentPort);
