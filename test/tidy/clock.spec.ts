import { describe, expect, it } from '@jest/globals';
import { clockRule } from './clock.rule.ts';
import { printed, sourceFile } from './source-file.ts';
import { readTree } from './tree.ts';

describe('time and chance', () => {
  it('come from the clock port only', () => {
    expect(printed(clockRule(readTree()))).toEqual([]);
  });

  it.each([
    'const at = Date.now();',
    'const read = Date.now;',
    'const at = new Date();',
    'const at = new Date;',
    'const text = Date();',
    'const share = Math.random();',
    'setTimeout(run, 5);',
    'globalThis.setTimeout(run, 5);',
    'const timer = setInterval(run, 5);',
    'const at = performance.now();',
    'const at = process.hrtime.bigint();',
    'const signal = AbortSignal.timeout(5);',
    "import { setTimeout as sleep } from 'node:timers/promises';",
  ])('are found in: %s', (line) => {
    const findings = clockRule([sourceFile('apps/notifier/src/delivery/sender.ts', `\n${line}`)]);
    expect(findings.length).toBeGreaterThan(0);
    expect(findings[0]).toMatchObject({ line: 2 });
  });

  it.each([
    'const at = clock.now();',
    'const at = new Date(clock.now());',
    'const at = Date.UTC(2027, 0, 1);',
    'socket.setTimeout(5);',
    'clearTimeout(timer);',
    'const length = Math.round(share);',
    "throw new Error('setTimeout( is not for us'); // nor is Date.now()",
  ])('are not found in: %s', (line) => {
    expect(clockRule([sourceFile('apps/notifier/src/delivery/sender.ts', line)])).toEqual([]);
  });

  it('are free where the port is made, and in what only tests', () => {
    const paths = [
      'libs/platform/src/clock/system-clock.ts',
      'libs/platform/src/http/listen.spec.ts',
      'libs/event-log/src/event-log.contract.ts',
      'libs/testing/src/wait-until.ts',
      'bench/ingest.ts',
      'scripts/start-broker.mjs',
    ];
    expect(clockRule(paths.map((path) => sourceFile(path, 'setTimeout(run, Date.now());')))).toEqual([]);
  });
});
