import type { EntityManager } from 'typeorm';
import { ChannelEntity, type ChannelRow } from './channel.entity.ts';

export type ChannelRepository = ReturnType<typeof channelRepository>;

export function channelRepository(manager: EntityManager) {
  const rows = manager.getRepository(ChannelEntity);
  return {
    async insert(row: ChannelRow): Promise<void> {
      await rows.insert(row);
    },
    async byProject(projectId: string): Promise<ChannelRow[]> {
      return await rows.find({ where: { projectId }, order: { createdAt: 'ASC', id: 'ASC' } });
    },
    /** The working channels of these checks, with the check that leads to each. */
    async ofChecks(checkIds: readonly string[]): Promise<{ checkId: string; channelId: string }[]> {
      return await manager.query(
        `SELECT link.check_id AS "checkId", link.channel_id AS "channelId"
           FROM check_channel link JOIN channel ON channel.id = link.channel_id
          WHERE link.check_id = ANY($1) AND channel.disabled_reason IS NULL
          ORDER BY link.channel_id`,
        [checkIds],
      );
    },
    async disable(id: string, reason: string): Promise<void> {
      await rows.update({ id }, { disabledReason: reason });
    },
  };
}
