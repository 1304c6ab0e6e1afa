// Text from strangers that is stored and shown: no control characters (PostgreSQL refuses NUL, terminals obey
// escapes), no invisible format characters (they reorder or hide what a reader sees), and a hard limit.

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu;

/** One line of visible text of at most `limitBytes` in UTF-8; a character is never split. */
export function plainText(text: string, limitBytes: number): string {
  const line = text.replace(UNPRINTABLE, ' ').trim();
  const bytes = new Uint8Array(limitBytes);
  // encodeInto stops before a character that does not fit, and makes half a surrogate pair a whole character.
  const { written } = new TextEncoder().encodeInto(line, bytes);
  return new TextDecoder().decode(bytes.subarray(0, written));
}
