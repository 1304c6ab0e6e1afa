/** What the person who started Holter is told. Keys only when they are fresh: they cannot be shown again. */
export interface Greeting {
  readonly url: string;
  readonly pingUrl: string | null;
  readonly pageUrl: string | null;
  readonly dataFolder: string;
  readonly notices: readonly string[];
  readonly movedFromPort: number | null;
  readonly keys: {
    readonly operator: string | null;
    readonly project: string;
    readonly readOnly: string;
  } | null;
}

export function greetingText(greeting: Greeting): string {
  const lines = ['', '  Holter is listening.', ''];
  if (greeting.movedFromPort !== null) {
    lines.push(
      `  Port ${greeting.movedFromPort} is taken, so this is another one; HOLTER_PORT chooses it.`,
      '',
    );
  }
  lines.push(`  Dashboard     ${greeting.url}/`);
  if (greeting.pageUrl !== null) lines.push(`  Status page   ${greeting.pageUrl}`);
  if (greeting.pingUrl !== null) {
    lines.push(`  Ping URL      ${greeting.pingUrl}   (check "Try me": every 60 s, grace 15 s)`);
    lines.push('', '  Send the first ping:', '', `    curl ${greeting.pingUrl}`);
  }
  lines.push('', `  Data          ${greeting.dataFolder}`);
  for (const notice of greeting.notices) lines.push(`                ${notice}`);
  if (greeting.keys !== null) {
    lines.push('', '  Keys (shown this once):', '');
    if (greeting.keys.operator !== null) {
      lines.push(
        `    operator          ${greeting.keys.operator}   (also in ${greeting.dataFolder}/admin-key)`,
      );
    }
    lines.push(
      `    project           ${greeting.keys.project}`,
      `    project, read     ${greeting.keys.readOnly}`,
    );
  }
  lines.push('', '  Ctrl-C stops it; nothing is lost.', '', '');
  return lines.join('\n');
}
