import type { EntityManager } from 'typeorm';
import {
  ComponentEntity,
  StatusPageEntity,
  type ComponentRow,
  type StatusPageRow,
} from './status-page.entity.ts';

export type StatusPageRepository = ReturnType<typeof statusPageRepository>;

export function statusPageRepository(manager: EntityManager) {
  const pages = manager.getRepository(StatusPageEntity);
  const components = manager.getRepository(ComponentEntity);
  return {
    async insert(page: StatusPageRow, parts: readonly ComponentRow[]): Promise<void> {
      await pages.insert(page);
      if (parts.length > 0) await components.insert([...parts]);
    },
    /** Another name and other components for a page that is there. */
    async replace(page: StatusPageRow, parts: readonly ComponentRow[]): Promise<void> {
      await pages.update({ id: page.id }, { name: page.name });
      await components.delete({ pageId: page.id });
      if (parts.length > 0) await components.insert([...parts]);
    },
    async bySlug(slug: string): Promise<StatusPageRow | null> {
      return await pages.findOneBy({ slug });
    },
    async byProject(projectId: string): Promise<StatusPageRow[]> {
      return await pages.find({ where: { projectId }, order: { createdAt: 'ASC', slug: 'ASC' } });
    },
    async componentsOf(pageId: string): Promise<ComponentRow[]> {
      return await components.find({ where: { pageId }, order: { position: 'ASC' } });
    },
  };
}
