import { randomBytes, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Database, type ProjectRow, type Repositories, type StatusPageRow } from '#persistence';
import { PLATFORM, type Platform } from '#platform';
import { hashOfKey, newApiKey, newPingKey } from '../auth/keys.ts';

/** A fresh project with the keys that are shown this once. */
export interface FreshProject {
  readonly project: ProjectRow;
  readonly apiKey: string;
  readonly readKey: string;
  readonly page: StatusPageRow;
}

/** Projects, and the empty status page that each has from the start. */
@Injectable()
export class ProjectService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PLATFORM) private readonly platform: Platform,
  ) {}

  async create(name: string): Promise<FreshProject> {
    const apiKey = newApiKey('hcw_');
    const readKey = newApiKey('hcr_');
    return await this.database.unitOfWork(async ({ projects, statusPages }) => {
      const project = await projects.insert({
        id: randomUUID(),
        name,
        apiKeyHash: hashOfKey(apiKey),
        readKeyHash: hashOfKey(readKey),
        pingKey: newPingKey(),
        createdAt: this.platform.clock.now(),
      });
      const page = {
        id: randomUUID(),
        projectId: project.id,
        slug: await this.#freeSlug(statusPages, `${slugOf(name)}-${project.number}`),
        name,
        createdAt: this.platform.clock.now(),
      };
      await statusPages.insert(page, []);
      return { project, apiKey, readKey, page };
    });
  }

  /** Somebody may have given a page of theirs this very name. */
  async #freeSlug(pages: Repositories['statusPages'], wanted: string): Promise<string> {
    const taken = (await pages.bySlug(wanted)) !== null;
    return taken ? `${wanted}-${randomBytes(4).toString('hex')}` : wanted;
  }

  async isFirstStart(): Promise<boolean> {
    return (await this.database.repositories.projects.list()).length === 0;
  }
}

function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return slug.slice(0, 60) || 'project';
}
