import { HttpError } from '#platform';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** A request's body as an object: JSON whatever the content type says, nothing counts as `{}`, as in Healthchecks. */
export function objectOf(body: unknown): Record<string, unknown> {
  const parsed = parse(body);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new HttpError(400, 'json validation error: value is not an object');
  }
  return { ...parsed };
}

function parse(body: unknown): unknown {
  if (!Buffer.isBuffer(body) || body.length === 0) return {};
  try {
    return JSON.parse(decoder.decode(body));
  } catch {
    throw new HttpError(400, 'could not parse request body');
  }
}
