/** Why an expression cannot be watched, as a sentence for its author; thrown and caught within the parsers only. */
export class ScheduleRefusal extends Error {}

/** What was written, short enough for a sentence; characters that only steer a terminal are not repeated. */
export function shown(text: string): string {
  const visible = text.slice(0, 40).replaceAll(/\p{Cc}/gu, '\uFFFD');
  return text.length > 40 ? `${visible}…` : visible;
}
