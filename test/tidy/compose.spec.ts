import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import type { Environment } from '#platform';
import { CONFIGURATION_PARSERS, variablesAskedFor } from '../../scripts/configuration-reference.ts';
import { ROOT } from './tree.ts';

// There is no Docker where these tests run. What can be known of the files without it is checked here: the form against
// the Compose specification, the environments against the very parsers that will read them.

interface ComposeService {
  readonly image: string;
  readonly build?: string;
  readonly user?: string;
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly stop_grace_period?: string;
}

interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const PROGRAMS = ['ingest', 'evaluator', 'notifier', 'api'] as const;
type Program = (typeof PROGRAMS)[number];

/** What an operator has to give, and nothing else. */
const GIVEN = { HOLTER_ADMIN_KEY: 'a-key-of-more-than-16-characters' };

/** A name, and a version of at least two numbers. */
const PINNED = /^[a-z0-9./-]+:\d+\.\d+[a-z0-9.-]*$/;

const textOf = (name: string): string => readFileSync(path.join(ROOT, name), 'utf8');
const compose: ComposeFile = parse(textOf('docker-compose.yml'), { merge: true });
const dockerfile = textOf('Dockerfile');
const stages = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map((match) => match[1]);
const services = Object.entries(compose.services);

const serviceOf = (name: string): ComposeService => {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}.`);
  return found;
};

/** What Compose makes of `${NAME}`, `${NAME:-otherwise}` and `${NAME:?sentence}`. */
const interpolated = (text: string, given: Environment): string =>
  text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind?: string, rest = '') => {
    const value = given[name] ?? '';
    if (value === '' && kind === '?') throw new Error(rest);
    return value === '' ? rest : value;
  });

const environmentOf = (program: Program, given: Environment = GIVEN): Record<string, string> =>
  Object.fromEntries(
    Object.entries(serviceOf(program).environment).map(([name, text]) => [name, interpolated(text, given)]),
  );

/** What the image sets for every process that runs in it. */
const environmentOfImage = (): Record<string, string> =>
  Object.fromEntries(
    [...dockerfile.matchAll(/\b(HOLTER_\w+)=(\S+)/g)].map(([, name = '', text = '']) => [name, text]),
  );

const problemsOf = (document: unknown): string[] => {
  const schema: object = JSON.parse(textOf('test/tidy/compose-spec.schema.json'));
  // It names its own language by an address that no validator knows it under.
  const validate = new Ajv({ strict: false, allErrors: true, validateSchema: false }).compile(schema);
  validate(document);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

describe('docker-compose.yml', () => {
  it('is a Compose file by the specification', () => {
    expect(problemsOf(compose)).toEqual([]);
  });

  it('would be refused with a key that the specification does not know', () => {
    const api = { ...serviceOf('api'), depend_on: ['kafka'] };
    expect(problemsOf({ ...compose, services: { ...compose.services, api } })).not.toEqual([]);
  });

  it('runs the four programs, each by its own command', () => {
    for (const program of PROGRAMS) {
      expect(serviceOf(program).command).toEqual(['node', `dist/apps/${program}/src/main.js`]);
      expect(existsSync(path.join(ROOT, `apps/${program}/src/main.ts`))).toBe(true);
    }
  });

  it.each(PROGRAMS)(
    'gives %s an environment that it accepts, and nothing that it does not read',
    (program) => {
      const given = environmentOf(program);
      const asked = variablesAskedFor(CONFIGURATION_PARSERS[program], { ...environmentOfImage(), ...given });
      expect(Object.keys(given).filter((name) => !asked.has(name))).toEqual([]);
    },
  );

  it.each(PROGRAMS)('asks %s on the port that it listens on whether it is ready', (program) => {
    const { port, host } = CONFIGURATION_PARSERS[program]({
      ...environmentOfImage(),
      ...environmentOf(program),
    });
    const { healthcheck, ports = [] } = serviceOf(program);
    expect(host).toBe('0.0.0.0');
    expect(healthcheck?.test.join(' ')).toContain(`http://127.0.0.1:${port}/readyz`);
    for (const published of ports) expect(published).toMatch(new RegExp(`:${port}$`));
  });

  it('does not start without the key of the operator', () => {
    expect(() => environmentOf('api', {})).toThrow('HOLTER_ADMIN_KEY');
  });

  it('publishes only what people and jobs talk to', () => {
    expect(services.filter(([, { ports }]) => ports !== undefined).map(([name]) => name)).toEqual([
      'ingest',
      'api',
    ]);
  });

  it('pins every image to a version, ours to the version of the package', () => {
    const { version }: { version: string } = JSON.parse(textOf('package.json'));
    for (const image of [...stages, ...services.map(([, service]) => service.image)])
      expect(image).toMatch(PINNED);
    for (const program of PROGRAMS) expect(serviceOf(program).image).toBe(`holter:${version}`);
  });

  it('has a check of health for everything, and waits for it where it waits at all', () => {
    for (const [, service] of services) {
      expect(service.healthcheck?.test.length).toBeGreaterThan(1);
      for (const [name, { condition }] of Object.entries(service.depends_on ?? {})) {
        expect(condition).toBe('service_healthy');
        expect(Object.keys(compose.services)).toContain(name);
      }
    }
  });

  it('leaves every process the time that it gives itself to end', () => {
    for (const [, service] of services)
      expect(Number.parseInt(service.stop_grace_period ?? '0', 10)).toBeGreaterThan(9);
  });

  it('keeps what must last on volumes that it declares', () => {
    const mounted = services.flatMap(([, { volumes = [] }]) =>
      volumes.map((volume) => volume.split(':')[0] ?? ''),
    );
    expect(mounted.sort()).toEqual(Object.keys(compose.volumes).sort());
  });

  it('runs nothing as root', () => {
    const userOfImage = [...dockerfile.matchAll(/^USER (\S+)$/gm)].at(-1)?.[1];
    for (const [name, { build, user }] of services) {
      const runsAs = user ?? (build === undefined ? undefined : userOfImage);
      expect(`${name} runs as ${runsAs}`).not.toMatch(/undefined|root|\b0\b/);
    }
  });
});

describe('the image', () => {
  it('has no secret in it, and takes only what is listed', () => {
    expect(dockerfile).not.toMatch(/KEY|PASSWORD|SECRET|TOKEN/);
    const rules = textOf('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(rules[0]).toBe('*');
    for (const rule of rules.filter((line) => line.startsWith('!'))) {
      expect(existsSync(path.join(ROOT, rule.slice(1)))).toBe(true);
    }
  });

  it('copies nothing that the list keeps out', () => {
    const listed = textOf('.dockerignore').match(/(?<=^!)\S+/gm) ?? [];
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) =>
      (match[1] ?? '').split(' '),
    );
    expect([...new Set(copied)].sort()).toEqual([...listed].sort());
  });
});
