import type { PingKind } from '#domain';

/** A ping URL of Healthchecks, understood: which check it means and what it says. */
export interface HealthchecksPing {
  readonly target:
    | { readonly by: 'id'; readonly id: string }
    | { readonly by: 'slug'; readonly pingKey: string; readonly slug: string };
  readonly kind: PingKind;
  /** Any number of digits; more than 255 is refused after the check was found, as Healthchecks does. */
  readonly exitStatus: number | null;
}

export type Understood =
  | { readonly ok: true; readonly ping: HealthchecksPing }
  | { readonly ok: false; readonly status: 400 | 404; readonly text: 'invalid url format' | 'not found' };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const ANY_CASE_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const KEY_OR_SLUG = /^[A-Za-z0-9_-]+$/;
const NOT_FOUND = { ok: false, status: 404, text: 'not found' } as const;

/**
 * Understands the part of the path after `/ping/`. A UUID with an unknown tail falls through to "ping key and slug",
 * and a capital letter in a slug is a wrong format, both as in Healthchecks' own router.
 */
export function understandPath(path: string): Understood {
  const [first = '', ...rest] = path.split('/');
  if (UUID.test(first)) {
    const target = { by: 'id', id: first } as const;
    if (rest.length === 0 || (rest.length === 1 && rest[0] === '')) return success(target);
    const said = rest.length === 1 ? understandAction(rest[0] ?? '') : null;
    if (said !== null) return { ok: true, ping: { target, ...said } };
  }
  const [slug = '', action, ...more] = rest;
  if (!KEY_OR_SLUG.test(first) || !KEY_OR_SLUG.test(slug) || more.length > 0) return NOT_FOUND;
  const said =
    action === undefined ? { kind: 'success' as const, exitStatus: null } : understandAction(action);
  if (said === null) return NOT_FOUND;
  if (slug !== slug.toLowerCase()) return { ok: false, status: 400, text: 'invalid url format' };
  return { ok: true, ping: { target: { by: 'slug', pingKey: first, slug }, ...said } };
}

/** The run id in its canonical lower-case form; null when there is none, false when it is not one. */
export function understandRid(text: string | undefined): string | null | false {
  if (text === undefined) return null;
  return ANY_CASE_UUID.test(text) ? text.toLowerCase() : false;
}

function success(target: HealthchecksPing['target']): Understood {
  return { ok: true, ping: { target, kind: 'success', exitStatus: null } };
}

/** What Healthchecks names in the URL, and `progress`, a sign of life of an open run, which is ours. */
const NAMED_KINDS = ['start', 'fail', 'log', 'progress'] as const satisfies readonly PingKind[];

function isNamedKind(action: string): action is (typeof NAMED_KINDS)[number] {
  return NAMED_KINDS.some((kind) => kind === action);
}

function understandAction(action: string): Pick<HealthchecksPing, 'kind' | 'exitStatus'> | null {
  if (isNamedKind(action)) return { kind: action, exitStatus: null };
  if (!/^\d+$/.test(action)) return null;
  const exitStatus = Number(action);
  return { kind: exitStatus === 0 ? 'success' : 'fail', exitStatus };
}
