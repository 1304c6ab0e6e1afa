// Tells code from comments and literals without a parser: the rules search code, and a parser would cost more
// than all of them together. What it does not know is a regular expression right after a closing brace or bracket.
const CODE = 0;
const COMMENT = 1;
const LITERAL = 2;

/** After these a slash begins a regular expression; after anything else it divides. */
const BEFORE_REGEX = /(?:^|[=(,:;[!&|?{}+\-*%~^<>]|\b(?:return|typeof|case|in|of|void|do|else|yield|await))$/;

/** How far back to look for what stands before a slash: longer than the longest keyword above. */
const LOOK_BACK = 12;

interface Marking {
  readonly text: string;
  readonly kinds: Uint8Array;
  /** The code seen so far, without comments and blanks; a literal counts as one quote. Only its end is ever read. */
  before: string;
}

/** The same text twice: once with comments and literals blanked, once with only comments blanked. */
export function maskLiterals(text: string): { readonly code: string; readonly uncommented: string } {
  const marking: Marking = { text, kinds: new Uint8Array(text.length), before: '' };
  markCode(marking, 0);
  return { code: blank(marking, CODE), uncommented: blank(marking, LITERAL) };
}

function blank({ text, kinds }: Marking, keptKind: number): string {
  let result = '';
  for (let index = 0; index < text.length; index += 1) {
    const kind = kinds[index] ?? CODE;
    const char = text.charAt(index);
    result += kind === CODE || kind === keptKind || char === '\n' ? char : ' ';
  }
  return result;
}

/** Marks from `start` to the end of the text, or to the brace that closes a `${`; answers where it stopped. */
function markCode(marking: Marking, start: number): number {
  const { text } = marking;
  let depth = 0;
  let index = start;
  while (index < text.length) {
    const char = text.charAt(index);
    const end = literalEnd(marking, index);
    if (end > index) {
      index = end;
      continue;
    }
    if (char === '}' && depth === 0 && start > 0) return index;
    if (char === '{') depth += 1;
    if (char === '}') depth -= 1;
    if (/\S/.test(char)) marking.before = (marking.before + char).slice(-LOOK_BACK);
    else if (/\w$/.test(marking.before)) marking.before += ' ';
    index += 1;
  }
  return index;
}

/** Where the comment or literal that begins at `index` ends; `index` itself when none begins. */
function literalEnd(marking: Marking, index: number): number {
  const { text } = marking;
  const char = text.charAt(index);
  const two = text.slice(index, index + 2);
  if (two === '//') return mark(marking, index, endOf(text, '\n', index), COMMENT);
  if (two === '/*') return mark(marking, index, endOf(text, '*/', index + 2) + 2, COMMENT);
  if (char === "'" || char === '"') return mark(marking, index, quotedEnd(text, index), LITERAL);
  if (char === '`') return markTemplate(marking, index);
  if (char === '/' && BEFORE_REGEX.test(marking.before.trimEnd()))
    return mark(marking, index, regexEnd(text, index), LITERAL);
  return index;
}

function mark(marking: Marking, start: number, end: number, kind: number): number {
  marking.kinds.fill(kind, start, end);
  if (kind === LITERAL) marking.before = '"';
  return Math.min(end, marking.text.length);
}

function endOf(text: string, token: string, from: number): number {
  const at = text.indexOf(token, from);
  return at === -1 ? text.length : at;
}

function quotedEnd(text: string, start: number): number {
  const quote = text.charAt(start);
  let index = start + 1;
  while (index < text.length && text.charAt(index) !== quote && text.charAt(index) !== '\n')
    index += text.charAt(index) === '\\' ? 2 : 1;
  return index + 1;
}

function regexEnd(text: string, start: number): number {
  let inClass = false;
  let index = start + 1;
  for (; index < text.length && text.charAt(index) !== '\n'; index += 1) {
    const char = text.charAt(index);
    if (char === '\\') index += 1;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '/' && !inClass) break;
  }
  return index + 1;
}

function markTemplate(marking: Marking, start: number): number {
  const { text } = marking;
  let from = start;
  let index = start + 1;
  while (index < text.length && text.charAt(index) !== '`') {
    if (text.startsWith('${', index)) {
      mark(marking, from, index + 2, LITERAL);
      marking.before = '{';
      from = markCode(marking, index + 2);
      index = from + 1;
    } else index += text.charAt(index) === '\\' ? 2 : 1;
  }
  return mark(marking, from, index + 1, LITERAL);
}
