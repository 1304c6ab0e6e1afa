import type { EntityManager } from 'typeorm';
import { ProjectEntity, type ProjectRow } from './project.entity.ts';

export type ProjectRepository = ReturnType<typeof projectRepository>;

export function projectRepository(manager: EntityManager) {
  const rows = manager.getRepository(ProjectEntity);
  return {
    async insert(row: Omit<ProjectRow, 'number'>): Promise<ProjectRow> {
      return await rows.save(rows.create(row));
    },
    async byId(id: string): Promise<ProjectRow | null> {
      return await rows.findOneBy({ id });
    },
    /** The project that a key opens, and whether the key may write. One indexed look-up a request. */
    async byKeyHash(hash: string): Promise<{ project: ProjectRow; readOnly: boolean } | null> {
      const project = await rows.findOne({ where: [{ apiKeyHash: hash }, { readKeyHash: hash }] });
      return project === null ? null : { project, readOnly: project.readKeyHash === hash };
    },
    /** Locks the row until the transaction ends: whoever needs it too takes their turn. */
    async lock(id: string): Promise<void> {
      await rows.findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
    },
    async list(): Promise<ProjectRow[]> {
      return await rows.find({ order: { number: 'ASC' } });
    },
  };
}
