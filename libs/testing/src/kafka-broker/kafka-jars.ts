import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

export const KAFKA_VERSION = '4.3.0';

/** The version of the logging interface that Kafka brings; the printing half has to match it. */
const SLF4J_VERSION = '1.7.36';

/** A cold fetch took 5 to 9 s here; a slow line may take minutes, for ever it must not. */
const FETCH_LIMIT_MS = 300_000;

const run = promisify(execFile);

/**
 * Answers the folder with Kafka's jars, fetched by Maven from its central repository on the first call. The folder
 * appears whole or not at all, so that two test runs may begin at once and a broken download leaves nothing.
 */
export async function kafkaJars(cacheDir: string, maven: string | null): Promise<string> {
  const target = path.join(cacheDir, KAFKA_VERSION);
  if (existsSync(target)) return target;
  if (maven === null) {
    throw new Error('Kafka is not in the cache and mvn is not on PATH; install Maven or set KAFKA_BROKERS.');
  }
  await mkdir(cacheDir, { recursive: true });
  const attempt = await mkdtemp(path.join(cacheDir, 'fetching-'));
  try {
    await fetchInto(attempt, maven);
    await rename(path.join(attempt, 'jars'), target);
  } catch (error) {
    // Another run may have been faster: then its folder is as good as ours.
    if (!existsSync(target)) throw error;
  } finally {
    await rm(attempt, { recursive: true, force: true });
  }
  return target;
}

async function fetchInto(folder: string, maven: string): Promise<void> {
  const pom = path.join(folder, 'pom.xml');
  await writeFile(pom, projectFile());
  const goal = ['-q', '-B', '-f', pom, 'dependency:copy-dependencies'];
  try {
    await run(maven, [...goal, `-DoutputDirectory=${path.join(folder, 'jars')}`], {
      timeout: FETCH_LIMIT_MS,
    });
  } catch (error) {
    const said = error instanceof Error && 'stdout' in error ? String(error.stdout).slice(-2_000) : '';
    throw new Error(`Maven could not fetch Kafka ${KAFKA_VERSION}: ${said}`, { cause: error });
  }
}

function projectFile(): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>holter</groupId>
  <artifactId>test-broker</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    ${dependency('org.apache.kafka', 'kafka_2.13', KAFKA_VERSION)}
    ${dependency('org.slf4j', 'slf4j-simple', SLF4J_VERSION)}
  </dependencies>
</project>
`;
}

function dependency(group: string, artifact: string, version: string): string {
  return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
}
