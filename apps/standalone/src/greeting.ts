/** What the person who started Holter is told. Keys only when they are fresh: they cannot be shown again. */
export interface Greeting {
  readonly url: string;
  readonly pingUrl: string | null;
  readonly pageUrl: string | null;
  readonly dataFolder: string;
  readonly notices: readonly string[];
  readonly movedFromPort: number | null;
  readonly operatorKey: string | null;
  readonly projectKeys: { readonly write: string; readonly read: string } | null;
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
  const keys = keyLines(greeting);
  if (keys.length > 0) lines.push('', '  Keys (shown this once):', '', ...keys);
  lines.push('', '  Ctrl-C stops it; nothing is lost.', '', '');
  return lines.join('\n');
}

function keyLines({ dataFolder, operatorKey, projectKeys }: Greeting): string[] {
  const lines: string[] = [];
  if (operatorKey !== null)
    lines.push(`    operator          ${operatorKey}   (also in ${dataFolder}/admin-key)`);
  if (projectKeys !== null)
    lines.push(`    project           ${projectKeys.write}`, `    project, read     ${projectKeys.read}`);
  return lines;
}
