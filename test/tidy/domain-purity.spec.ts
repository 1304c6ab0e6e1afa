import { describe, expect, it } from '@jest/globals';
import { domainPurityRule } from './domain-purity.rule.ts';
import { printed, sourceFile } from './source-file.ts';
import { readTree } from './tree.ts';

const PATH = 'libs/domain/src/check/fold.ts';

describe('the domain', () => {
  it('does not depend on where or when it runs', () => {
    expect(printed(domainPurityRule(readTree()))).toEqual([]);
  });

  it.each([
    'const at = Date.UTC(2027, 0, 1);',
    'function dayOf(at: Date): number {',
    "const format = new Intl.DateTimeFormat('en');",
    'const id = crypto.randomUUID();',
    'const id = randomUUID();',
    'const share = Math.exp(-ageMs);',
    'const bits = Math.log2(count);',
    'const root = Math.sqrt(variance);',
    'const size = 2 ** bits;',
    'names.sort((a, b) => a.localeCompare(b));',
    'const text = count.toLocaleString();',
    'const at = performance.now();',
    "const grow = Math['exp'];",
    'const { log, pow } = Math;',
    'const share = Math . sin(angle);',
    'const { hrtime } = process;',
    "globalThis['Date'];",
    'const answer = fetch(url);',
    "console.log('a');",
    "const { readFileSync } = require('node:fs');",
    "const zones = import('./zone.ts');",
    'const here = import.meta.url;',
    'setTimeout(judge, 1_000);',
    'clearInterval(timer);',
    'queueMicrotask(judge);',
    'export async function judge() {',
    'const state = await load();',
    'return new Promise((resolve) => resolve(state));',
    'const held = new WeakRef(check);',
    'const where = error.stack;',
    'for (const name in metrics) sum += metrics[name];',
    'const words = text.normalize();',
    'const words = new Uint32Array(page.buffer, offset, 4);',
  ])('is impure with: %s', (line) => {
    const findings = domainPurityRule([sourceFile(PATH, `\n${line}`)]);
    expect(findings.length).toBeGreaterThan(0);
    expect(findings[0]).toMatchObject({ path: PATH, line: 2 });
  });

  it.each([
    'const slot = Math.floor(Math.max(at, 0) / periodMs);',
    'const civil: CivilDate = { year, month, day };',
    '/** Like Date.UTC, for any year. */',
    "throw new Error('Bug: Date');",
    'const sorted = [...ats].sort((left, right) => left - right);',
    'const heads = new Int32Array(LEVELS * SLOTS);',
    'const bytes = new Uint8Array(page.buffer, offset, length);',
    'for (const [name, value] of metrics) sum += value;',
    'const word = first.normalized;',
  ])('stays pure with: %s', (line) => {
    expect(domainPurityRule([sourceFile(PATH, line)])).toEqual([]);
  });

  it('leaves its own specs and the rest of the tree alone', () => {
    const paths = ['libs/domain/src/schedule/zone.spec.ts', 'libs/platform/src/http/listen.ts'];
    expect(domainPurityRule(paths.map((path) => sourceFile(path, 'Intl.supportedValuesOf(a);')))).toEqual([]);
  });
});
