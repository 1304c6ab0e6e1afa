import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { SystemClock } from '#platform';
import { answersOn, freePorts } from './free-ports.ts';
import { kafkaSurroundings, repositoryCache, type KafkaSurroundings } from './kafka-broker.config.ts';
import { kafkaJars } from './kafka-jars.ts';
import { serverProperties } from './server-properties.ts';
import { SupervisedProcess } from './supervised-process.ts';

/** A real broker for tests that need one, and the power to take it away from them. */
export interface KafkaBroker {
  /** As `KAFKA_BROKERS` would have it; the same over restarts. */
  readonly brokers: string;
  /** Ends the broker as a power cut would. */
  kill9(): Promise<void>;
  /** Starts it again on the same data and ports. */
  start(): Promise<void>;
  /** Ends the broker and deletes its data. */
  stop(): Promise<void>;
}

export interface KafkaBrokerOptions {
  /** Where the jars are kept; by default `.cache/kafka` of the checkout. */
  readonly cacheDir?: string;
  readonly surroundings?: KafkaSurroundings;
}

/** An open port took 2.5 s on two idle cores; a busy machine gets ten times as long. */
const START_LIMIT_MS = 60_000;
const LOOK_EVERY_MS = 100;

const run = promisify(execFile);
const clock = new SystemClock();

/** Starts a broker of one node on free ports, or takes the one that `KAFKA_BROKERS` names. */
export async function startKafkaBroker(options: KafkaBrokerOptions = {}): Promise<KafkaBroker> {
  const { givenBrokers, java, maven } = options.surroundings ?? kafkaSurroundings();
  if (givenBrokers !== null) return foreignBroker(givenBrokers);
  if (java === null) {
    throw new Error(
      'These tests need Kafka: set KAFKA_BROKERS to a list of host:port, or put java (17 or newer) and mvn on PATH so that a broker can be fetched and started.',
    );
  }
  const jars = await kafkaJars(options.cacheDir ?? repositoryCache(), maven);
  const broker = await OwnBroker.prepare(java, jars);
  await broker.start();
  return broker;
}

class OwnBroker implements KafkaBroker {
  #process: SupervisedProcess | null = null;

  static async prepare(java: string, jars: string): Promise<OwnBroker> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'holter-kafka-'));
    const [clientPort = 0, controllerPort = 0] = await freePorts(2);
    const properties = path.join(folder, 'server.properties');
    await writeFile(
      properties,
      serverProperties({ clientPort, controllerPort, dataDir: path.join(folder, 'data') }),
    );
    const classPath = ['-cp', path.join(jars, '*')];
    // A leading minus would be read as an option.
    const clusterId = randomBytes(16).toString('base64url').replace(/^-/, 'A');
    const format = [...classPath, 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', properties];
    await run(java, format);
    const quick = ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
    const logging = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn';
    const command = [java, ...quick, logging, ...classPath, 'kafka.Kafka', properties];
    return new OwnBroker(folder, clientPort, command);
  }

  constructor(
    private readonly folder: string,
    private readonly port: number,
    private readonly command: readonly string[],
  ) {}

  get brokers(): string {
    return `127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const process = new SupervisedProcess(this.command, this.logFile);
    this.#process = process;
    const giveUpAt = clock.now() + START_LIMIT_MS;
    while (!(await answersOn(this.port))) {
      if (!process.running || clock.now() > giveUpAt) {
        await process.kill9();
        const said = await readFile(this.logFile, 'utf8');
        throw new Error(`Kafka did not start: ${said.slice(-2_000)}`);
      }
      await clock.sleep(LOOK_EVERY_MS);
    }
  }

  async kill9(): Promise<void> {
    await this.#process?.kill9();
  }

  async stop(): Promise<void> {
    await this.kill9();
    await rm(this.folder, { recursive: true, force: true });
  }

  private get logFile(): string {
    return path.join(this.folder, 'broker.log');
  }
}

/** Somebody else's broker is used as it is: it is not ours to end. */
function foreignBroker(brokers: string): KafkaBroker {
  const refuse = async (): Promise<never> => {
    throw new Error('The broker named by KAFKA_BROKERS is not ours to kill or start.');
  };
  return { brokers, kill9: refuse, start: refuse, stop: async () => undefined };
}
