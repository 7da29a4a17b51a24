import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { PolytaskError } from '../../common/error.ts';
import type { ServeLimits } from './options.ts';
import { errorText, invalidRequest } from './refusal.ts';

export type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

const REFUSED = { 'Content-Type': 'application/json', 'Retry-After': '1' };

/** How often slow clients are looked for, in milliseconds. */
const CHECK_EVERY = 500;

/** Node's HTTP server with our limits, errors as JSON, and an end in which nothing is lost. */
export class HttpServer {
  readonly #server: Server;
  readonly #answering = new Set<ServerResponse>();
  #draining = false;

  /** @param refuse the body of a refusal for a request that is not even looked at */
  constructor(
    limits: ServeLimits,
    listener: Listener,
    refuse: (request: IncomingMessage) => Buffer | undefined,
  ) {
    const receive = 1000 * limits.receiveSeconds;
    this.#server = createServer(
      {
        maxHeaderSize: limits.headerBytes,
        headersTimeout: receive,
        requestTimeout: receive,
        connectionsCheckingInterval: Math.min(CHECK_EVERY, receive),
        keepAliveTimeout: 65_000,
        noDelay: true,
      },
      (request, response) => {
        if (this.#draining) response.shouldKeepAlive = false;
        // A refusal must cost next to nothing, or it takes the time of those who are answered.
        const refusal = refuse(request);
        if (refusal !== undefined) {
          response.writeHead(503, { ...REFUSED, 'Content-Length': refusal.length }).end(refusal);
          return;
        }
        this.#answering.add(response);
        response.once('close', () => this.#answering.delete(response));
        listener(request, response);
      },
    );
    this.#server.maxConnections = limits.connections;
    this.#server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) =>
      refuseUnreadable(error, socket, limits),
    );
  }

  /** @returns the address @throws `address-unavailable` */
  listen(host: string, port: number): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', (cause: NodeJS.ErrnoException) => reject(unavailable(host, port, cause)));
      this.#server.listen(port, host, () => {
        const { address, family, port: taken } = this.#server.address() as AddressInfo;
        resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`);
      });
    });
  }

  /** Accepts nothing more and waits for what is on its way. @returns whether all of it was finished in time */
  async drain(seconds: number): Promise<boolean> {
    this.#draining = true;
    for (const response of this.#answering) response.shouldKeepAlive = false;
    let inTime = true;
    const timer = setTimeout(() => {
      inTime = this.#answering.size === 0;
      this.#server.closeAllConnections();
    }, 1000 * seconds);
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeIdleConnections();
    });
    clearTimeout(timer);
    return inTime;
  }
}

/** What Node could not read as a request is answered all the same, in JSON. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket, limits: ServeLimits): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, refusal] = unreadable(error.code ?? '', limits);
  const text = errorText(refusal);
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  );
}

function unreadable(code: string, { headerBytes, receiveSeconds }: ServeLimits): [string, PolytaskError] {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return [
      '408 Request Timeout',
      new PolytaskError('request-timeout', {
        path: 'request',
        expected: `a whole request within ${receiveSeconds} s`,
        found: 'a part of one',
        help: 'Send it faster, or in smaller parts.',
      }),
    ];
  if (code === 'HPE_HEADER_OVERFLOW')
    return [
      '431 Request Header Fields Too Large',
      new PolytaskError('request-too-large', {
        path: 'headers',
        expected: `at most ${headerBytes} bytes of headers`,
        found: 'more',
        help: 'Send fewer or shorter headers.',
      }),
    ];
  return ['400 Bad Request', invalidRequest('request', 'HTTP/1.1', code, 'Use an HTTP client.')];
}

function unavailable(host: string, port: number, cause: NodeJS.ErrnoException): PolytaskError {
  const { code = 'an error' } = cause;
  const why: Record<string, [found: string, help: string]> = {
    EADDRINUSE: [
      'another program listens there',
      'Take another port with --port, or 0 for any that is free.',
    ],
    EACCES: ['no permission', 'Ports below 1024 are for the administrator: take another with --port.'],
    EADDRNOTAVAIL: [
      'not an address of this machine',
      'Leave --host out, or give an address of this machine.',
    ],
    ENOTFOUND: ['no such host', 'Leave --host out, or give an address of this machine.'],
  };
  const [found, help] = why[code] ?? [code, 'Take another address with --host and --port.'];
  return new PolytaskError('address-unavailable', {
    path: `${host}:${port}`,
    expected: 'an address to listen at',
    found,
    help,
    cause,
  });
}
