import type { CheckRow, ProjectRow } from '#persistence';
import { isLate, type CheckView } from '../check/check.document.ts';
import { html, type Html } from '../http/html.ts';

/** Asks for a key; says why the last one would not do. */
export function signInPage(problem: string | null): Html {
  return html`<h1>Holter</h1>
    <p>Paste an API key of your project to see its checks.</p>
    ${problem === null ? html`` : html`<p role="alert">${problem}</p>`}
    <form method="post" action="/sign-in">
      <label>API key <input name="key" type="password" autocomplete="off" required size="36" /></label>
      <button>Show</button>
    </form>`;
}

/** All checks of the projects that may be seen. */
export function projectPage(
  lists: readonly { readonly project: ProjectRow; readonly checks: readonly CheckView[] }[],
  now: number,
): Html {
  const none = html`<h1>Holter</h1>
    <p>There is no project yet.</p>`;
  return lists.length === 0
    ? none
    : html`${lists.map(({ project, checks }) => projectSection(project, checks, now))}`;
}

function projectSection(project: ProjectRow, checks: readonly CheckView[], now: number): Html {
  if (checks.length === 0)
    return html`<h1>${project.name}</h1>
      <p class="soft">No checks yet.</p>`;
  return html`<h1>${project.name}</h1>
    <p class="soft">${summaryOf(checks, now)}</p>
    <table>
      <tr>
        <th>Check</th>
        <th>Status</th>
        <th>Last ping</th>
        <th>Expected next</th>
      </tr>
      ${checks.map((check) => checkRow(check, now))}
    </table>`;
}

function summaryOf(checks: readonly CheckView[], now: number): string {
  const shown = checks.map((check) => statusOf(check, now));
  const down = shown.filter((status) => status === 'down').length;
  const late = shown.filter((status) => status === 'late').length;
  return `${checks.length} ${checks.length === 1 ? 'check' : 'checks'}, ${down} down, ${late} late`;
}

function statusOf({ status }: CheckView, now: number): string {
  return isLate(status, now) ? 'late' : (status?.status ?? 'new');
}

function checkRow(view: CheckView, now: number): Html {
  const { row, status } = view;
  const schedule = scheduleShown(row);
  const shown = statusOf(view, now);
  return html`<tr>
    <td>
      ${row.name || 'unnamed'}<br /><small>${schedule}, grace ${lengthOf(row.graceSeconds * 1_000)}</small>
    </td>
    <td><span class="badge ${shown}">${shown}</span></td>
    <td>${instantOf(status?.lastPingAt ?? null, now)}</td>
    <td>${instantOf(status?.expectedAt ?? null, now)}</td>
  </tr>`;
}

function scheduleShown(row: CheckRow): string {
  if (row.kind === 'interval') return `every ${lengthOf(row.timeoutSeconds * 1_000)}`;
  if (row.kind === 'none') return 'no schedule';
  return `${row.schedule.trim().split('\n').join(', ')} (${row.zone})`;
}

function instantOf(at: number | null, now: number): Html {
  if (at === null) return html`<span class="soft">never</span>`;
  const iso = new Date(at).toISOString();
  const distance = at > now ? `in ${lengthOf(at - now)}` : `${lengthOf(now - at)} ago`;
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time><br /><small
      >${distance}</small
    >`;
}

/** A length in its largest fitting unit, and the next one where it says something. */
function lengthOf(lengthMs: number): string {
  const units: [string, number][] = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1_000],
  ];
  const largest = units.findIndex(([, unitMs]) => lengthMs >= unitMs);
  if (largest === -1) return '0 s';
  const parts: string[] = [];
  let rest = lengthMs;
  for (const [name, unitMs] of units.slice(largest, largest + 2)) {
    const whole = Math.floor(rest / unitMs);
    rest -= whole * unitMs;
    if (whole > 0) parts.push(`${whole} ${name}`);
  }
  return parts.join(' ');
}
