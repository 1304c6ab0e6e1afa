import pg from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { ChannelEntity } from '../channel/channel.entity.ts';
import { channelRepository, type ChannelRepository } from '../channel/channel.repository.ts';
import { CheckEntity } from '../check/check.entity.ts';
import { checkRepository, type CheckRepository } from '../check/check.repository.ts';
import { DeliveryRepository } from '../delivery/delivery.repository.ts';
import { initialSchema } from '../migrations/0001-initial.ts';
import { outboxRepository, type OutboxRepository } from '../outbox/outbox.repository.ts';
import { ProjectEntity } from '../project/project.entity.ts';
import { projectRepository, type ProjectRepository } from '../project/project.repository.ts';
import { ProjectionRepository } from '../projection/projection.repository.ts';
import { ComponentEntity, StatusPageEntity } from '../status-page/status-page.entity.ts';
import { statusPageRepository, type StatusPageRepository } from '../status-page/status-page.repository.ts';
import { migrationOf, type Migration } from './migration.ts';

/** PostgreSQL's bigint (OID 20) as a number: instants, offsets and counts all stay far below 2^53. */
const BIGINT_OID = 20;
pg.types.setTypeParser(BIGINT_OID, Number);

/** Any number that only Holter's migrations take; two processes that start at once then wait for each other. */
const MIGRATION_LOCK = 4_652_016_121;

export interface Repositories {
  readonly projects: ProjectRepository;
  readonly checks: CheckRepository;
  readonly channels: ChannelRepository;
  readonly statusPages: StatusPageRepository;
  readonly outbox: OutboxRepository;
  readonly projection: ProjectionRepository;
  readonly deliveries: DeliveryRepository;
}

/** The one door to PostgreSQL's tables: repositories for single statements, `unitOfWork` for transactions. */
export class Database {
  readonly repositories: Repositories;
  readonly #source: DataSource;

  private constructor(source: DataSource) {
    this.#source = source;
    this.repositories = repositoriesOf(source.manager);
  }

  /** Connects and brings the schema up to date. Rejects when the server cannot be reached or a migration fails. */
  static async open(options: {
    readonly url: string;
    readonly applicationName: string;
    readonly poolSize: number;
    /** Migrations of other owners of tables, run with ours in the order of their names' timestamps. */
    readonly migrations?: readonly Migration[];
  }): Promise<Database> {
    const source = new DataSource({
      type: 'postgres',
      url: options.url,
      applicationName: options.applicationName,
      poolSize: options.poolSize,
      entities: [ProjectEntity, CheckEntity, ChannelEntity, StatusPageEntity, ComponentEntity],
      migrations: [migrationOf('Initial1763900000000', initialSchema), ...(options.migrations ?? [])],
      migrationsTransactionMode: 'all',
      synchronize: false,
      logging: false,
    });
    await source.initialize();
    try {
      await migrate(source);
    } catch (error) {
      await source.destroy();
      throw error;
    }
    return new Database(source);
  }

  /** Runs `work` in one transaction: all of it becomes visible together, or none of it. */
  async unitOfWork<T>(work: (repositories: Repositories) => Promise<T>): Promise<T> {
    return await this.#source.transaction(async (manager) => await work(repositoriesOf(manager)));
  }

  /** The secret that signs this installation's browser sessions. */
  async sessionSecret(): Promise<string> {
    const rows: { session_secret: string }[] = await this.#source.query(
      'SELECT session_secret FROM installation',
    );
    return rows[0]?.session_secret ?? '';
  }

  /** Rejects when the server does not answer. */
  async ping(): Promise<void> {
    await this.#source.query('SELECT 1');
  }

  async close(): Promise<void> {
    await this.#source.destroy();
  }
}

function repositoriesOf(manager: EntityManager): Repositories {
  return {
    projects: projectRepository(manager),
    checks: checkRepository(manager),
    channels: channelRepository(manager),
    statusPages: statusPageRepository(manager),
    outbox: outboxRepository(manager),
    projection: new ProjectionRepository(manager),
    deliveries: new DeliveryRepository(manager),
  };
}

/** The session-level lock outlives the migrations' own transaction, so it is held on a connection of its own. */
async function migrate(source: DataSource): Promise<void> {
  const runner = source.createQueryRunner();
  try {
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await source.runMigrations();
  } finally {
    await runner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await runner.release();
  }
}
