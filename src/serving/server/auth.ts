import { createHash, timingSafeEqual } from 'node:crypto';
import { PolytaskError } from '../../common/error.ts';

/** Whether a header carries the token, in a time that tells nothing of how much of it was right. */
export function tokenCheck(token: string | undefined): (header: string | undefined) => void {
  if (token === undefined) return () => undefined;
  const wanted = digest(`Bearer ${token}`);
  return (header) => {
    if (header !== undefined && timingSafeEqual(digest(header), wanted)) return;
    throw new PolytaskError('token-invalid', {
      path: 'Authorization',
      expected: 'Bearer and the token that the server was started with',
      found: header === undefined ? 'no such header' : 'another token',
      help: 'Send the header "Authorization: Bearer <token>".',
    });
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
