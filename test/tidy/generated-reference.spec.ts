import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ConfigurationError, SETTINGS } from '#platform';
import { EVENT_TYPES } from '../../libs/domain/src/event/event.ts';
import {
  CONFIGURATION_PARSERS,
  configurationPage,
  environmentExample,
  generatedTexts,
  variablesAskedFor,
  type Settings,
} from '../../scripts/configuration-reference.ts';
import { isProduct } from './source-file.ts';
import { ROOT, readTree } from './tree.ts';

const tree = readTree();
const product = tree.filter(isProduct);
const pages = tree.filter((file) => file.path.endsWith('.md'));
const textOf = (name: string): string => readFileSync(path.join(ROOT, name), 'utf8');

/** Everything that the product's source says of this form, once each. */
const found = (pattern: RegExp): string[] =>
  [
    ...new Set(
      product.flatMap((file) => [...file.uncommented.matchAll(pattern)].map((match) => match[1] ?? '')),
    ),
  ].sort();

/** A path of the API as its page writes it: parameters in angle brackets. */
const asWritten = (route: string): string => {
  const generic = route.replace(/:(\w+)/g, '<$1>').replace('checks/<id>', 'checks/<uuid>');
  return generic === '' ? '/' : generic;
};

const routesOf = (text: string): string[] => {
  const base = /@Controller\('([^']*)'\)/.exec(text)?.[1] ?? '';
  return [...text.matchAll(/@(Get|Post|Put|Patch|Delete)\((?:'([^']*)')?\)/g)].map(([, method = '', end]) => {
    const parts = [base, end ?? ''].filter((part) => part !== '');
    return `${method.toUpperCase()} ${asWritten(parts.map((part) => `/${part}`).join(''))}`;
  });
};

describe('what is derived from the table of settings', () => {
  it.each(Object.entries(generatedTexts()))('is up to date: %s', (name, text) => {
    // When this fails, run the command that the file names.
    expect(textOf(name)).toBe(text);
  });

  it('names every setting', () => {
    for (const text of Object.values(generatedTexts())) {
      for (const name of Object.keys(SETTINGS)) expect(text).toContain(name);
    }
  });

  it('is an environment that every program accepts, but for what the services must be given', () => {
    const lines = textOf('.env.example').match(/(?<=^#)\w+(?==$)/gm) ?? [];
    expect(lines.sort()).toEqual(Object.keys(SETTINGS).sort());
    const empty = Object.fromEntries(lines.map((name) => [name, '']));
    expect(() => CONFIGURATION_PARSERS.standalone(empty)).not.toThrow();
    expect(() => CONFIGURATION_PARSERS.ingest(empty)).toThrow(ConfigurationError);
  });

  it('says that a secret may come from a file, and who reads a variable', () => {
    const some = { SOME_KEY: { ...SETTINGS.HOLTER_ADMIN_KEY, meaning: 'A key: a|b *.', byDefault: null } };
    const readers = { SOME_KEY: ['api', 'ingest'] };
    const page = configurationPage(some as Partial<Settings> as Settings, readers);
    expect(page).toContain('| `SOME_KEY`, `SOME_KEY_FILE` | A key: a\\|b \\*. | –');
    expect(page).toContain('| api, ingest |');
    const example = environmentExample(some as Partial<Settings> as Settings, readers);
    expect(example).toContain('# Read by api, ingest.\n# A secret: SOME_KEY_FILE may name a file');
  });

  it('knows who reads a variable by watching, not by a list of its own', () => {
    const parse = (environment: Readonly<Record<string, string | undefined>>) => environment['HOLTER_PORT'];
    expect([...variablesAskedFor(parse, { HOLTER_PORT: '1', HOLTER_HOST: 'x' })]).toEqual(['HOLTER_PORT']);
  });
});

describe('the pages of the reference', () => {
  it('have a row for every wire event', () => {
    const page = textOf('docs/reference/events.md');
    expect(EVENT_TYPES.filter((type) => !page.includes(`| \`${type}\``))).toEqual([]);
  });

  it('name every field of every recorded event', () => {
    const page = textOf('docs/reference/events.md');
    const folder = 'libs/event-log/src/codec/golden/';
    const fields = tree
      .filter((file) => file.path.startsWith(folder))
      .flatMap((file) => Object.keys(JSON.parse(file.text)));
    expect(fields.length).toBeGreaterThan(EVENT_TYPES.length);
    expect([...new Set(fields)].filter((field) => !page.includes(`\`${field}\``))).toEqual([]);
  });

  it('have every route of the API', () => {
    const page = textOf('docs/reference/http-api.md').replaceAll('/`', '`');
    const controllers = product.filter((file) => file.path.endsWith('.controller.ts'));
    const routes = controllers.flatMap((file) => routesOf(file.text));
    expect(routes.length).toBeGreaterThan(10);
    expect(routes.filter((route) => !page.includes(`\`${route.replace(/\/$/, '')}\``))).toEqual([]);
  });

  it('have every metric and every reason for not being ready', () => {
    const page = textOf('docs/reference/metrics.md');
    const names = found(/\.(?:counter|gauge|histogram)\(\s*'(\w+)'/g);
    const probes = found(/health\.add\('(\w+)'/g);
    expect(names.length).toBeGreaterThan(5);
    expect(probes.length).toBeGreaterThan(3);
    expect([...names, ...probes].filter((name) => !page.includes(`| \`${name}\` `))).toEqual([]);
  });

  it('have every topic and every table', () => {
    const page = textOf('docs/glossary.md');
    const tables = found(/CREATE TABLE "?(\w+)/g);
    const topics = found(/'(holter\.\w+)'/g);
    expect(tables.length).toBeGreaterThan(10);
    expect([...tables, ...topics].filter((name) => !page.includes(`| \`${name}\` `))).toEqual([]);
  });
});

describe('a link from one page to another', () => {
  it('leads to a file that is there', () => {
    const broken = pages.flatMap(({ path: from, text }) =>
      [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
        .map((match) => match[1] ?? '')
        .filter((target) => !existsSync(path.join(ROOT, path.dirname(from), target)))
        .map((target) => `${from} -> ${target}`),
    );
    expect(broken).toEqual([]);
  });
});
