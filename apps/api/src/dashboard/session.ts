import { createHmac } from 'node:crypto';
import { sameSecret } from '../auth/keys.ts';

/** A working week: long enough not to annoy, short enough for a borrowed machine. */
export const SESSION_SECONDS = 7 * 86_400;

const COOKIE = 'holter_session';

/** A signed-in browser's cookie: the project (`*` for the operator), until when, and our signature over both. */
export function sessionCookie(
  projectId: string,
  secret: string,
  options: { now: number; secure: boolean },
): string {
  const until = Math.floor(options.now / 1_000) + SESSION_SECONDS;
  const value = `${projectId}.${until}.${sign(`${projectId}.${until}`, secret)}`;
  return `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${SESSION_SECONDS}${options.secure ? '; Secure' : ''}`;
}

/** The project that a request's cookie stands for, or null. */
export function sessionOf(cookieHeader: string | undefined, secret: string, now: number): string | null {
  const cookie = (cookieHeader ?? '').split(/; */).find((part) => part.startsWith(`${COOKIE}=`));
  const [projectId, until, signature] = cookie?.slice(COOKIE.length + 1).split('.') ?? [];
  if (projectId === undefined || until === undefined || signature === undefined) return null;
  if (!sameSecret(signature, sign(`${projectId}.${until}`, secret))) return null;
  return Number(until) * 1_000 > now ? projectId : null;
}

function sign(text: string, secret: string): string {
  return createHmac('sha256', secret).update(text).digest('hex');
}
