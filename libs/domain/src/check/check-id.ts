/** Check ids as 16 bytes: half of a row's index, and compared without making a text of them. */
export const CHECK_ID_BYTES = 16;

const DASH = 0x2d;
const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** What `digitOf` answers for a character that is no digit: it leaves a mark when several are joined by `|`. */
const NO_DIGIT = 0x100;

/** Reads a lower-case UUID into `into`; false when the text is none, and then `into` holds rubbish. */
export function readCheckId(text: string, into: DataView): boolean {
  if (text.length !== 36) return false;
  const dashes =
    (text.charCodeAt(8) ^ DASH) |
    (text.charCodeAt(13) ^ DASH) |
    (text.charCodeAt(18) ^ DASH) |
    (text.charCodeAt(23) ^ DASH);
  if (dashes !== 0) return false;
  return (
    readWord(text, 0, 4, into) &&
    readWord(text, 9, 14, into) &&
    readWord(text, 19, 24, into) &&
    readWord(text, 28, 32, into)
  );
}

/** Reads eight digits, four from each of two places, into the word that the first place belongs to. */
function readWord(text: string, high: number, low: number, into: DataView): boolean {
  const left = fourDigits(text, high);
  const right = fourDigits(text, low);
  into.setInt32(WORD_OF_PLACE[high] ?? 0, (left << 16) | right);
  return (left | right) >= 0;
}

/** Where the word goes that begins at a place of the text. */
const WORD_OF_PLACE: Readonly<Record<number, number>> = { 0: 0, 9: 4, 19: 8, 28: 12 };

/** Four hex digits as a number, or -1. */
function fourDigits(text: string, place: number): number {
  const first = digitOf(text.charCodeAt(place));
  const second = digitOf(text.charCodeAt(place + 1));
  const third = digitOf(text.charCodeAt(place + 2));
  const fourth = digitOf(text.charCodeAt(place + 3));
  if ((first | second | third | fourth) >= NO_DIGIT) return -1;
  return (first << 12) | (second << 8) | (third << 4) | fourth;
}

function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  return code >= 0x61 && code <= 0x66 ? code - 0x57 : NO_DIGIT;
}

/** The id of a row as text. */
export function writeCheckId(page: DataView, offset: number): string {
  let text = '';
  for (let byte = 0; byte < CHECK_ID_BYTES; byte += 1) {
    if (byte === 4 || byte === 6 || byte === 8 || byte === 10) text += '-';
    text += HEX[page.getUint8(offset + byte)] ?? '';
  }
  return text;
}
