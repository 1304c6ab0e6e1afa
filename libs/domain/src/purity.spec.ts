import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { transformSync } from '@swc/core';
import { CronExpressionParser } from 'cron-parser';
import { HOUR, MINUTE, OTHER_CHECK, listening, type Timeline } from './check/timeline.contract.ts';
import { STORIES } from './explain/explain-stories.contract.ts';
import { judgeLog } from './purity-judge.contract.ts';

// The domain's own modules, run in a realm in which asking for the time, chance, the locale, approximate mathematics
// or the world throws. The realm is a fresh context of V8: what is not put into it is not there.
const HERE = path.dirname(fileURLToPath(import.meta.url));
const JUDGE = path.join(HERE, 'purity-judge.contract.ts');

/** Inside the realm: whatever is not a function of the facts throws when it is touched. */
const TRAPS = `
  const trap = (name) => () => { throw new Error('impure: ' + name); };
  const exact = ['abs', 'ceil', 'clz32', 'floor', 'fround', 'imul', 'max', 'min', 'round', 'sign', 'trunc'];
  for (const name of Object.getOwnPropertyNames(Math)) {
    if (typeof Math[name] === 'function' && !exact.includes(name)) Object.defineProperty(Math, name, { get: trap('Math.' + name) });
  }
  for (const { prototype } of [String, Number, Array, Object, BigInt]) {
    for (const name of Object.getOwnPropertyNames(prototype)) {
      if (/^(localeCompare|toLocale|normalize$)/.test(name)) prototype[name] = trap(name);
    }
  }
  const outside = ['Date', 'Intl', 'performance', 'process', 'console', 'crypto', 'fetch', 'navigator', 'Buffer', 'require',
    'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'WeakRef', 'FinalizationRegistry', 'eval', 'Function'];
  for (const name of outside) Object.defineProperty(globalThis, name, { get: trap(name) });
`;

/** The package is asked what a field's text means, at no particular time: only so is it let in. */
const cronFields = {
  parse(text: string, options: { currentDate: number; tz: string }) {
    if (options.currentDate !== 0 || options.tz !== 'UTC')
      throw new Error('impure: cron-parser reads the clock');
    return CronExpressionParser.parse(text, options);
  },
};

function compiled(file: string): string {
  return transformSync(readFileSync(file, 'utf8'), {
    filename: file,
    configFile: false,
    swcrc: false,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'es6' },
  }).code;
}

type Judge = (json: string) => string;
type Edit = (file: string, source: string) => string;

/** The judge as the realm has it; `edit` may change a module's source on its way there. */
async function judgeInRealm(edit: Edit = (_, source) => source): Promise<Judge> {
  const context = vm.createContext({ TextEncoder, TextDecoder });
  vm.runInContext(TRAPS, context);
  const modules = new Map<string, vm.Module>();
  const moduleOf = (file: string): vm.Module => {
    const known = modules.get(file);
    if (known !== undefined) return known;
    const made = new vm.SourceTextModule(edit(file, compiled(file)), { context, identifier: file });
    modules.set(file, made);
    return made;
  };
  const cronParser = new vm.SyntheticModule(
    ['CronExpressionParser'],
    () => cronParser.setExport('CronExpressionParser', cronFields),
    { context, identifier: 'cron-parser' },
  );
  const judge = moduleOf(JUDGE);
  await judge.link((specifier, from) =>
    specifier === 'cron-parser'
      ? cronParser
      : moduleOf(path.resolve(path.dirname(from.identifier), specifier)),
  );
  await judge.evaluate();
  return (judge.namespace as { judgeLog: Judge }).judgeLog;
}

const berlin = (expression: string) =>
  ({ kind: 'cron', expressions: [expression], zone: 'Europe/Berlin' }) as const;

/** Every kind of schedule, over the days on which clocks are changed. */
function overClockChanges(): Timeline {
  const graceMs = 10 * MINUTE;
  const line = listening({ schedule: berlin('30 2 * * *'), graceMs })
    .configure({
      checkId: OTHER_CHECK,
      schedule: berlin('*/20 1-3 * * MON-FRI,7'),
      graceMs,
      earlyToleranceMs: null,
    })
    .configure({
      checkId: id(3),
      schedule: {
        kind: 'oncalendar',
        expressions: ['Sun *-*~07/1 02:30:00', 'hourly UTC'],
        zone: 'America/New_York',
      },
      graceMs,
    })
    .configure({
      checkId: id(4),
      schedule: { kind: 'window', window: 'fri-sun 22:00-02:30', zone: 'Europe/Berlin' },
      graceMs,
    })
    .configure({ checkId: id(5), schedule: { kind: 'none' }, graceMs: HOUR });
  for (const time of [
    '2026-03-28T01:30:00Z',
    '2026-03-29T00:50:00Z',
    '2026-03-29T01:05:00Z',
    '2026-10-25T00:31:00Z',
  ]) {
    for (const checkId of [id(1), OTHER_CHECK, id(3), id(4), id(5)]) line.ping(time, { checkId });
  }
  return line.ping('2026-10-25T01:00:00Z', { kind: 'start', checkId: id(5) }).passes('2026-10-25T04:00:00Z');
}

function id(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

const LOGS = { ...STORIES, 'every kind of schedule over clock changes': overClockChanges };
const jsonOf = (story: () => Timeline) => JSON.stringify(story().beats);
const EVENTFUL = jsonOf(STORIES['first ping, late, two misses, back']);

/** The fold with one more line at its beginning. */
const foldWithLine = (line: string): Promise<Judge> =>
  judgeInRealm((file, source) =>
    file.endsWith('/check/fold.ts')
      ? source.replace(/export function fold\(.*?\{\n/, (head) => `${head}${line}\n`)
      : source,
  );

describe('in a realm without time, chance, locale and world', () => {
  let inRealm: Judge;

  beforeAll(async () => {
    inRealm = await judgeInRealm();
  });

  it.each(Object.entries(LOGS))('the same is made of a log, byte for byte: %s', (_, story) => {
    const json = jsonOf(story);
    const made = inRealm(json);
    expect(made.length).toBeGreaterThan(1_000);
    expect(made).toBe(judgeLog(json));
  });

  it.each([
    ['Date.now();', 'Date'],
    ['new Date(0);', 'Date'],
    ['Math.random();', 'Math.random'],
    ['Math.exp(1);', 'Math.exp'],
    ['Math.log2(8);', 'Math.log2'],
    ['Math.pow(2, 3);', 'Math.pow'],
    ['Math.sin(1);', 'Math.sin'],
    ['Math.sqrt(2);', 'Math.sqrt'],
    ["new Intl.NumberFormat('en');", 'Intl'],
    ['performance.now();', 'performance'],
    ['process.hrtime();', 'process'],
    ['setTimeout(() => {}, 1);', 'setTimeout'],
    ["'a'.localeCompare('b');", 'localeCompare'],
    ['(1).toLocaleString();', 'toLocaleString'],
    ['crypto.randomUUID();', 'crypto'],
    ["console.log('a');", 'console'],
  ])('a fold throws that says %s', async (line, name) => {
    const judge = await foldWithLine(line);
    expect(() => judge(EVENTFUL)).toThrow(`impure: ${name}`);
  });

  it('a fold throws as soon as a single module that it loads asks for the time', async () => {
    const loading = judgeInRealm((file, source) =>
      file.endsWith('/schedule/civil.ts') ? `${source}\nexport const startedAt = Date.now();` : source,
    );
    await expect(loading).rejects.toThrow('impure: Date');
  });

  it('a fold runs as before with a line that is pure', async () => {
    const judge = await foldWithLine('Math.floor(1.5);');
    expect(judge(EVENTFUL)).toBe(judgeLog(EVENTFUL));
  });
});
