import type { EntityManager } from 'typeorm';
import { CheckEntity, type CheckRow } from './check.entity.ts';

export type CheckRepository = ReturnType<typeof checkRepository>;

export function checkRepository(manager: EntityManager) {
  const rows = manager.getRepository(CheckEntity);
  return {
    async save(row: CheckRow): Promise<void> {
      await rows.save(rows.create(row));
    },
    async remove(id: string): Promise<void> {
      await rows.delete({ id });
    },
    async byId(id: string): Promise<CheckRow | null> {
      return await rows.findOneBy({ id });
    },
    /** Locks the row until the transaction ends, so that two changes get two versions, one after the other. */
    async lock(id: string): Promise<CheckRow | null> {
      return await rows.findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
    },
    async byProject(projectId: string): Promise<CheckRow[]> {
      return await rows.find({ where: { projectId }, order: { createdAt: 'ASC', id: 'ASC' } });
    },
    async byIds(ids: readonly string[]): Promise<CheckRow[]> {
      if (ids.length === 0) return [];
      return await rows.createQueryBuilder('check').where('check.id = ANY(:ids)', { ids }).getMany();
    },
    /** The ids of the channels that a check tells, by check. */
    async channelIds(checkIds: readonly string[]): Promise<Map<string, string[]>> {
      const links: { check_id: string; channel_id: string }[] = await manager.query(
        'SELECT check_id, channel_id FROM check_channel WHERE check_id = ANY($1) ORDER BY channel_id',
        [checkIds],
      );
      const byCheck = new Map<string, string[]>();
      for (const link of links)
        byCheck.set(link.check_id, [...(byCheck.get(link.check_id) ?? []), link.channel_id]);
      return byCheck;
    },
    async setChannels(checkId: string, channelIds: readonly string[]): Promise<void> {
      await manager.query('DELETE FROM check_channel WHERE check_id = $1', [checkId]);
      await manager.query(
        'INSERT INTO check_channel (check_id, channel_id) SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING',
        [checkId, channelIds],
      );
    },
  };
}
