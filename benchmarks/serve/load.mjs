/** A process that puts load on a server, as the message it gets says, and answers what it saw. */
import { load, quantile, requestOf } from './client.mjs';

process.on('message', async ({ bodies, path, expected, tolerance, ...options }) => {
  const requests = bodies.map((body) => requestOf(path, body));
  const check =
    expected === undefined
      ? undefined
      : (at, body) => same(JSON.parse(body).predictions, expected[at], tolerance);
  const { latencies, ...result } = await load({ ...options, requests, ...(check && { check }) });
  process.send({
    ...result,
    requests: latencies.length,
    perSecond: latencies.length / result.seconds,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
  });
});

/** Equal texts, and numbers within a tolerance. */
function same(one, other, tolerance) {
  if (typeof one === 'number') return Math.abs(one - other) <= tolerance * Math.max(1, Math.abs(other));
  if (typeof one !== 'object' || one === null) return one === other;
  return Object.keys(other).every((key) => same(one[key], other[key], tolerance));
}
