import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { PolytaskError } from '../../common/error.ts';
import { busy } from './batcher.ts';
import { invalidRequest } from './refusal.ts';

export interface BodyLimits {
  readonly bodyBytes: number;
  readonly heldBytes: number;
}

/** Reads bodies, each within its limit, and all that are held at a time within theirs. */
export class BodyReader {
  readonly #limits: BodyLimits;
  #held = 0;

  constructor(limits: BodyLimits) {
    this.#limits = limits;
  }

  /**
   * Works with the text of a body, which counts as held until that is done.
   *
   * @param incoming the request as Node has it; without it, the request itself is read
   * @throws `request-type`, `request-too-large`, `request-invalid`, `server-busy`
   */
  async with<T>(
    request: Request,
    incoming: IncomingMessage | undefined,
    work: (text: string) => Promise<T>,
  ): Promise<T> {
    requireJson(request.headers.get('content-type'));
    let held = 0;
    const hold = (bytes: number): void => {
      if (held + bytes > this.#limits.bodyBytes) throw tooLarge(this.#limits.bodyBytes);
      if (this.#held + bytes > this.#limits.heldBytes) throw busy(`${this.#held} bytes of requests`);
      held += bytes;
      this.#held += bytes;
    };
    try {
      const announced = Number(request.headers.get('content-length') ?? 0);
      if (announced > this.#limits.bodyBytes) throw tooLarge(this.#limits.bodyBytes);
      const bytes = incoming === undefined ? await wholeOf(request, hold) : await collect(incoming, hold);
      if (!isUtf8(bytes)) throw invalidRequest('body', 'text in UTF-8', 'other bytes', 'Send JSON in UTF-8.');
      return await work(bytes.toString());
    } finally {
      this.#held -= held;
    }
  }
}

async function wholeOf(request: Request, hold: (bytes: number) => void): Promise<Buffer> {
  const bytes = Buffer.from(await request.arrayBuffer());
  hold(bytes.length);
  return bytes;
}

function collect(incoming: IncomingMessage, hold: (bytes: number) => void): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const onData = (chunk: Buffer): void => {
      try {
        hold(chunk.length);
        chunks.push(chunk);
      } catch (cause) {
        incoming.off('data', onData);
        reject(cause);
      }
    };
    incoming.on('data', onData);
    incoming.once('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    const gone = (): void =>
      reject(invalidRequest('body', 'a whole body', 'a connection that was closed', 'Send it again.'));
    incoming.once('error', gone);
    incoming.once('close', gone);
  });
}

function requireJson(type: string | null): void {
  if (type !== null && /^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(type)) return;
  throw new PolytaskError('request-type', {
    path: 'Content-Type',
    expected: 'application/json',
    found: type === null ? 'no such header' : type.slice(0, 100),
    help: 'Send JSON, with the header "Content-Type: application/json".',
  });
}

function tooLarge(most: number): PolytaskError {
  return new PolytaskError('request-too-large', {
    path: 'body',
    expected: `at most ${most} bytes`,
    found: 'more',
    help: 'Send the rows in several requests, or use "polytask predict" for files.',
  });
}
