/**
 * A client that costs little: connections that are kept alive, requests written as bytes that were made before, answers read by
 * their Content-Length. Runs in a process of its own (`load.mjs`), so that it takes no turn of the server's event loop.
 */
import { connect } from 'node:net';

/** Bytes of a POST. */
export function requestOf(path, body) {
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/**
 * Sends requests over so many connections for so long, each as soon as the answer to the last is there; with a rate, at that rate.
 *
 * @param check gets the number of the request and the body of its answer with 200; answers whether it is right
 */
export async function load({ port, requests, connections, seconds, rate, check = () => true }) {
  const result = { statuses: {}, wrong: 0, broken: 0, latencies: [] };
  const end = performance.now() + 1000 * seconds;
  const tokens = rate === undefined ? undefined : { perMs: rate / 1000, from: performance.now(), used: 0 };
  let next = 0;
  const started = performance.now();
  await Promise.all(Array.from({ length: connections }, () => one()));
  const elapsed = (performance.now() - started) / 1000;
  return { ...result, seconds: elapsed };

  async function one() {
    while (performance.now() < end) await session();
  }

  /** One connection until it ends. */
  function session() {
    return new Promise((resolve) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      let [sent, at, open] = [0, 0, false];
      let parts = [];
      const send = () => {
        const now = performance.now();
        if (now >= end) return socket.end();
        if (tokens !== undefined) {
          const due = tokens.used / tokens.perMs - (now - tokens.from);
          if (due > 0) return void setTimeout(send, due);
          tokens.used++;
        }
        at = next++ % requests.length;
        sent = now;
        open = true;
        socket.write(requests[at]);
      };
      socket.on('connect', send);
      socket.on('data', (chunk) => {
        parts.push(chunk);
        const answer = answerIn(parts.length === 1 ? chunk : Buffer.concat(parts));
        if (answer === undefined) return;
        parts = [];
        open = false;
        result.latencies.push(performance.now() - sent);
        result.statuses[answer.status] = (result.statuses[answer.status] ?? 0) + 1;
        if (answer.status === 200 && !check(at, answer.body)) result.wrong++;
        if (answer.closes) socket.end();
        else send();
      });
      socket.on('error', () => undefined);
      socket.on('close', () => {
        if (open) result.broken++;
        resolve();
      });
    });
  }
}

function answerIn(bytes) {
  const split = bytes.indexOf('\r\n\r\n');
  if (split < 0) return undefined;
  const head = bytes.latin1Slice(0, split);
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
  if (bytes.length < split + 4 + length) return undefined;
  return {
    status: Number(head.slice(9, 12)),
    closes: /connection: close/i.test(head),
    body: bytes.subarray(split + 4, split + 4 + length),
  };
}

/** A quantile of numbers that were not sorted. */
export function quantile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}
