import { PolytaskError } from '../../common/error.ts';
import type { ErrorCode } from '../../common/error-codes.ts';

/** HTTP statuses of errors; every other error of ours is one of the request. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  'token-invalid': 401,
  'route-unknown': 404,
  'method-unknown': 405,
  'request-too-large': 413,
  'request-type': 415,
  'runtime-failed': 500,
  unexpected: 500,
  'server-busy': 503,
  'worker-failed': 503,
  'request-timeout': 504,
};

export const statusOf = ({ code }: PolytaskError): number => STATUS[code] ?? 400;

/** An error as JSON: `{ "error": { code, path, expected, found, help } }`, as `--json` prints it. */
export function errorText(error: PolytaskError): string {
  return JSON.stringify({ error: error.toJSON() });
}

/** The same for the Open Inference Protocol, whose `error` is a text. */
export function inferenceErrorText(error: PolytaskError): string {
  return JSON.stringify({ error: error.message, ...error.toJSON() });
}

/** What went wrong as an error of ours; anything else is a mistake of ours, told without its inner parts. */
export function asRefusal(cause: unknown): PolytaskError {
  if (cause instanceof PolytaskError) return cause;
  return new PolytaskError('unexpected', {
    expected: 'no failure here',
    found: cause instanceof Error ? cause.name : 'something that is no error',
    help: 'This is a mistake in Polytask. Please report it with the request.',
    cause,
  });
}

/** A request that cannot be read. @param path where in the body, such as `rows[3].age` */
export function invalidRequest(path: string, expected: string, found: string, help: string): PolytaskError {
  return new PolytaskError('request-invalid', { path, expected, found: shown(found), help });
}

/** What was found, cut short: a request does not come back whole. */
export function shown(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 117)}…`;
}
