import { EntitySchema } from 'typeorm';

/** Where alerts go. `disabledReason` is set once the receiver said that it is gone for good. */
export interface ChannelRow {
  id: string;
  projectId: string;
  kind: 'webhook';
  name: string;
  config: { url: string };
  secret: string;
  disabledReason: string | null;
  createdAt: number;
}

export const ChannelEntity = new EntitySchema<ChannelRow>({
  name: 'channel',
  columns: {
    id: { type: 'uuid', primary: true },
    projectId: { type: 'uuid', name: 'project_id' },
    kind: { type: 'text' },
    name: { type: 'text' },
    config: { type: 'jsonb' },
    secret: { type: 'text' },
    disabledReason: { type: 'text', name: 'disabled_reason', nullable: true },
    createdAt: { type: 'bigint', name: 'created_at' },
  },
});
