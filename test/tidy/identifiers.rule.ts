import { findingAt, isScript, isTest, type Finding, type SourceFile } from './source-file.ts';

// Words that fit everything say nothing. Only exported names are looked at: inside a function a short name is fine.
const LAST_WORDS = new Map([
  ['data', 'say what it holds, such as PingBody'],
  ['info', 'say what it holds, such as CheckDefinition'],
  ['manager', 'say what it does, such as PartitionOwner'],
  ['processor', 'say what it does, such as DeliverySender'],
  ['impl', 'name what is special about it, such as MemoryEventLog'],
  ['helper', 'a verb in words of the product, such as nextSlotAfter'],
  ['helpers', 'a verb in words of the product, such as nextSlotAfter'],
  ['util', 'a verb in words of the product, such as nextSlotAfter'],
  ['utils', 'a verb in words of the product, such as nextSlotAfter'],
]);

const LAST_WORDS_OF_TYPES = new Map([
  ['event', 'an event is a fact in the past tense, such as PingReceived'],
  ['updated', 'say what happened, such as CheckConfigured'],
  ['command', 'a command is an imperative, such as RecordPing'],
]);

const DECLARED =
  /\bexport\s+(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:const|let|function\s*\*?|class|interface|type|enum)\s+(\w+)/g;

/** Exported names say what a thing is or does in words of the product. */
export function identifiersRule(tree: readonly SourceFile[]): Finding[] {
  return tree
    .filter((file) => isScript(file) && !isTest(file.path))
    .flatMap((file) =>
      [...file.code.matchAll(DECLARED)].flatMap((match) => {
        const name = match[1] ?? '';
        const better = fault(name);
        return better === undefined ? [] : [findingAt(file, match.index, `${name}: ${better}`)];
      }),
    );
}

function fault(name: string): string | undefined {
  const isType = /^[A-Z]/.test(name) && !/^[A-Z0-9_]+$/.test(name);
  const last = (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g)?.at(-1) ?? name).toLowerCase();
  if (isType && /^I(?!P)[A-Z][a-z]/.test(name)) return 'a type needs no I before its name';
  if (isType && /^(?:Base|Abstract)[A-Z]/.test(name)) return 'there are no base classes: pass a function';
  if (/^do[A-Z]/.test(name)) return 'leave out "do" and name the act';
  if (/^(?:handle|process|manage|execute)$/.test(name)) return 'give it an object, such as handlePing';
  return LAST_WORDS.get(last) ?? (isType ? LAST_WORDS_OF_TYPES.get(last) : undefined);
}
