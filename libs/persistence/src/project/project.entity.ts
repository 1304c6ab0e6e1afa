import { EntitySchema } from 'typeorm';

/** A tenant. Keys are kept as SHA-256 in hex; only the ping key, which lives in URLs, is kept as it is. */
export interface ProjectRow {
  id: string;
  number: number;
  name: string;
  apiKeyHash: string;
  readKeyHash: string;
  pingKey: string;
  createdAt: number;
}

export const ProjectEntity = new EntitySchema<ProjectRow>({
  name: 'project',
  columns: {
    id: { type: 'uuid', primary: true },
    number: { type: 'int', generated: 'increment' },
    name: { type: 'text' },
    apiKeyHash: { type: 'text', name: 'api_key_hash' },
    readKeyHash: { type: 'text', name: 'read_key_hash' },
    pingKey: { type: 'text', name: 'ping_key' },
    createdAt: { type: 'bigint', name: 'created_at' },
  },
});
