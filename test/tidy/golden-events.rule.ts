import type { Finding, SourceFile } from './source-file.ts';

const FOLDER = 'libs/event-log/src/codec/golden/';
const NAME = /^(.+)\.v([1-9]\d*)\.golden\.json$/;

/**
 * Every wire event has a recorded sample of each version, from 1 on: a log lives longer than the code that wrote it, and
 * only a sample proves that today's reader still understands yesterday's writer.
 */
export function goldenEventsRule(eventTypes: readonly string[]): (tree: readonly SourceFile[]) => Finding[] {
  return (tree) => {
    const versions = new Map(eventTypes.map((type): [string, Set<number>] => [type, new Set()]));
    const strays = tree
      .filter(({ path }) => path.startsWith(FOLDER))
      .flatMap(({ path }) => {
        const [, type = '', version = ''] = NAME.exec(path.slice(FOLDER.length)) ?? [];
        const seen = versions.get(type)?.add(Number(version));
        return seen === undefined
          ? [
              {
                path,
                line: 1,
                instead:
                  'is no <type>.v<version>.golden.json of an event in EVENT_TYPES: rename or remove it',
              },
            ]
          : [];
      });
    return [...strays, ...eventTypes.flatMap((type) => gapsOf(type, versions.get(type) ?? new Set()))];
  };
}

function gapsOf(type: string, versions: ReadonlySet<number>): Finding[] {
  const newest = Math.max(1, ...versions);
  return Array.from({ length: newest }, (_, index) => index + 1)
    .filter((version) => !versions.has(version))
    .map((version) => ({
      path: `${FOLDER}${type}.v${version}.golden.json`,
      line: 1,
      instead: `is missing: record one ${type} as version ${version} writes it`,
    }));
}
