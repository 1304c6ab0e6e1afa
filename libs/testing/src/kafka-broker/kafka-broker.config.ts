import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';

/** What the surroundings offer for a broker in tests. */
export interface KafkaSurroundings {
  /** Brokers that somebody else runs, as `host:port,host:port`; null when `KAFKA_BROKERS` is not set. */
  readonly givenBrokers: string | null;
  readonly java: string | null;
  readonly maven: string | null;
}

/** Reads `KAFKA_BROKERS` and looks for `java` and `mvn` on `PATH`. */
export function kafkaSurroundings(environment: NodeJS.ProcessEnv = process.env): KafkaSurroundings {
  const given = environment['KAFKA_BROKERS']?.trim();
  const folders = (environment['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return {
    givenBrokers: given === undefined || given === '' ? null : given,
    java: findProgram('java', folders),
    maven: findProgram('mvn', folders),
  };
}

/** The folder for downloads that belong to this checkout; git does not see it. */
export function repositoryCache(): string {
  let folder = import.meta.dirname;
  while (!existsSync(path.join(folder, 'package.json')) && folder !== path.dirname(folder)) {
    folder = path.dirname(folder);
  }
  return path.join(folder, '.cache', 'kafka');
}

function findProgram(name: string, folders: readonly string[]): string | null {
  for (const folder of folders) {
    const file = path.join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not here; the next folder of PATH may have it.
    }
  }
  return null;
}
