import { EntitySchema } from 'typeorm';

export interface StatusPageRow {
  id: string;
  projectId: string;
  slug: string;
  name: string;
  createdAt: number;
}

export const StatusPageEntity = new EntitySchema<StatusPageRow>({
  name: 'status_page',
  tableName: 'status_page',
  columns: {
    id: { type: 'uuid', primary: true },
    projectId: { type: 'uuid', name: 'project_id' },
    slug: { type: 'text' },
    name: { type: 'text' },
    createdAt: { type: 'bigint', name: 'created_at' },
  },
});

export interface ComponentRow {
  id: string;
  pageId: string;
  name: string;
  checkId: string;
  position: number;
  createdAt: number;
}

export const ComponentEntity = new EntitySchema<ComponentRow>({
  name: 'component',
  columns: {
    id: { type: 'uuid', primary: true },
    pageId: { type: 'uuid', name: 'page_id' },
    name: { type: 'text' },
    checkId: { type: 'uuid', name: 'check_id' },
    position: { type: 'int' },
    createdAt: { type: 'bigint', name: 'created_at' },
  },
});
