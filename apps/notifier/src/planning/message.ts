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

function scheduleOf(check: CheckRow): Record<string, unknown> {
  if (check.kind === 'interval') return { timeout: check.timeoutSeconds };
  return check.kind === 'none' ? {} : { schedule: check.schedule, tz: check.zone };
}

/** What a receiver needs to know which job this is and what was expected of it. No ping URL: that is a secret. */
function checkOf(check: CheckRow): Record<string, unknown> {
  return {
    uuid: check.id,
    name: check.name,
    slug: check.slug,
    tags: check.tags,
    desc: check.description,
    kind: check.kind,
    ...scheduleOf(check),
    grace: check.graceSeconds,
  };
}
