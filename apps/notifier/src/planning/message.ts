import type { CheckTransition } from '#domain';
import { isoInstant, transitionDocument } from '#event-log';
import type { CheckRow } from '#persistence';

/** The body of a message about one transition, made once: every try and every channel sends these bytes. */
export function messageBody(transition: CheckTransition, check: CheckRow): string {
  return JSON.stringify({
    type: transition.type,
    timestamp: isoInstant(transition.at),
    data: { project: check.projectId, check: checkOf(check), transition: transitionDocument(transition) },
  });
}

/** What a receiver needs to know which job this is and what was expected of it. No ping URL: that is a secret. */
function checkOf(check: CheckRow): Record<string, unknown> {
  const schedule =
    check.kind === 'interval'
      ? { timeout: check.timeoutSeconds }
      : { schedule: check.schedule, tz: check.zone };
  return {
    uuid: check.id,
    name: check.name,
    slug: check.slug,
    tags: check.tags,
    desc: check.description,
    kind: check.kind,
    ...schedule,
    grace: check.graceSeconds,
  };
}
