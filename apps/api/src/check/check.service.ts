import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Database, type CheckRow, type ProjectRow, type Repositories } from '#persistence';
import { HttpError, PLATFORM, type Platform } from '#platform';
import { OutboxRelay } from '../outbox/outbox-relay.ts';
import { ProjectionProgress } from '../projection/projection-progress.ts';
import { channelIdsFor } from './channel-choice.ts';
import { changedRow, createdRow, newCheckRow, uniqueMatch } from './check-change.ts';
import { definitionOf } from './check-definition.ts';
import type { CheckView } from './check.document.ts';
import type { CheckRequest } from './check.schema.ts';

interface Changed {
  readonly row: CheckRow;
  readonly created: boolean;
  readonly entryId: number;
}

/**
 * Changes to checks: the row and its outbox entry in one transaction, and an answer only when the log has the entry,
 * so that what was answered is in force for every later ping.
 */
@Injectable()
export class CheckService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(OutboxRelay) private readonly relay: OutboxRelay,
    @Inject(ProjectionProgress) private readonly progress: ProjectionProgress,
  ) {}

  /** Creates a check, or updates the one that `unique` finds. */
  async createOrUpdate(
    project: ProjectRow,
    change: CheckRequest,
  ): Promise<{ view: CheckView; created: boolean }> {
    const changed = await this.database.unitOfWork(async (repositories): Promise<Changed> => {
      // Two requests with the same `unique` at once must not both create: they take their turn on the project.
      if ((change.unique ?? []).length > 0) await repositories.projects.lock(project.id);
      const rows = (change.unique ?? []).length > 0 ? await repositories.checks.byProject(project.id) : [];
      const match = uniqueMatch(rows, change);
      const now = this.platform.clock.now();
      const row =
        match === null
          ? createdRow(newCheckRow(randomUUID(), project, now), change, now)
          : changedRow(match, change);
      return { row, created: match === null, entryId: await this.#save(repositories, project, row, change) };
    });
    return { view: await this.#viewOnceInForce(project, changed), created: changed.created };
  }

  async update(project: ProjectRow, checkId: string, change: CheckRequest): Promise<CheckView> {
    const changed = await this.database.unitOfWork(async (repositories): Promise<Changed> => {
      const row = changedRow(await this.#locked(repositories, project, checkId), change);
      return { row, created: false, entryId: await this.#save(repositories, project, row, change) };
    });
    return await this.#viewOnceInForce(project, changed);
  }

  async pause(project: ProjectRow, checkId: string): Promise<CheckView> {
    return await this.#tell(project, checkId, 'check.paused');
  }

  /** Only a paused check can be resumed. */
  async resume(project: ProjectRow, checkId: string): Promise<CheckView> {
    const { status } = await this.one(project, checkId);
    if (status?.status !== 'paused') throw new HttpError(409, 'check is not paused');
    return await this.#tell(project, checkId, 'check.resumed');
  }

  /** Removes the check and answers what it was. */
  async remove(project: ProjectRow, checkId: string): Promise<CheckView> {
    const view = await this.one(project, checkId);
    const entryId = await this.database.unitOfWork(async (repositories) => {
      await this.#locked(repositories, project, checkId);
      await repositories.checks.remove(checkId);
      return await repositories.outbox.add({
        partition: this.progress.partitionOf(checkId),
        checkId,
        event: { type: 'check.removed', checkId },
        definition: null,
      });
    });
    await this.relay.inForce(entryId);
    return { ...view, channelIds: [] };
  }

  /** One check as it is now: waits until the projection has seen what the log holds about it. */
  async one(project: ProjectRow, checkId: string): Promise<CheckView> {
    const row = await this.database.repositories.checks.byId(checkId);
    if (row === null) throw new HttpError(404, 'not found');
    if (row.projectId !== project.id) throw new HttpError(403, 'this check belongs to another project');
    await this.progress.fresh(checkId);
    return await this.#view(project, row);
  }

  async list(project: ProjectRow): Promise<CheckView[]> {
    const { checks, projection } = this.database.repositories;
    const rows = await checks.byProject(project.id);
    const ids = rows.map(({ id }) => id);
    const [statuses, channels] = await Promise.all([projection.statusesOf(ids), checks.channelIds(ids)]);
    return rows.map((row) => ({
      row,
      status: statuses.get(row.id) ?? null,
      channelIds: channels.get(row.id) ?? [],
      pingKey: project.pingKey,
    }));
  }

  async #tell(
    project: ProjectRow,
    checkId: string,
    type: 'check.paused' | 'check.resumed',
  ): Promise<CheckView> {
    const changed = await this.database.unitOfWork(async (repositories): Promise<Changed> => {
      const row = await this.#locked(repositories, project, checkId);
      const definition = { ...definitionOf(row, project.pingKey) };
      const event = { type, checkId };
      const entry = { partition: this.progress.partitionOf(checkId), checkId, event, definition };
      return { row, created: false, entryId: await repositories.outbox.add(entry) };
    });
    return await this.#viewOnceInForce(project, changed);
  }

  async #save(
    repositories: Repositories,
    project: ProjectRow,
    row: CheckRow,
    change: CheckRequest,
  ): Promise<number> {
    const channelIds = await channelIdsFor(change.channels, project.id, repositories.channels);
    await repositories.checks.save(row);
    if (channelIds !== null) await repositories.checks.setChannels(row.id, channelIds);
    const definition = { ...definitionOf(row, project.pingKey) };
    return await repositories.outbox.add({
      partition: this.progress.partitionOf(row.id),
      checkId: row.id,
      event: { type: 'check.configured', definition },
      definition,
    });
  }

  async #locked({ checks }: Repositories, project: ProjectRow, checkId: string): Promise<CheckRow> {
    const row = await checks.lock(checkId);
    if (row === null) throw new HttpError(404, 'not found');
    if (row.projectId !== project.id) throw new HttpError(403, 'this check belongs to another project');
    return row;
  }

  async #viewOnceInForce(project: ProjectRow, { row, entryId }: Changed): Promise<CheckView> {
    await this.relay.inForce(entryId);
    await this.progress.fresh(row.id);
    return await this.#view(project, row);
  }

  async #view(project: ProjectRow, row: CheckRow): Promise<CheckView> {
    const { checks, projection } = this.database.repositories;
    const [status, channels] = await Promise.all([projection.statusOf(row.id), checks.channelIds([row.id])]);
    return { row, status, channelIds: channels.get(row.id) ?? [], pingKey: project.pingKey };
  }
}
