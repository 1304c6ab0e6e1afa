import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import {
  Database,
  type CheckStatusRow,
  type ComponentRow,
  type ProjectRow,
  type StatusPageRow,
} from '#persistence';
import { HttpError, PLATFORM, errorCode, type Platform } from '#platform';
import { ProjectionProgress } from '../projection/projection-progress.ts';

export interface PageView {
  readonly page: StatusPageRow;
  readonly components: readonly { readonly row: ComponentRow; readonly status: CheckStatusRow | null }[];
  readonly asOf: number;
}

export interface PageRequest {
  readonly slug: string;
  readonly name: string;
  readonly components: readonly { readonly name: string; readonly check: string }[];
}

const UNIQUE_VIOLATION = '23505';

/** Status pages: made by people, filled by the verdicts on their checks. */
@Injectable()
export class StatusPageService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(ProjectionProgress) private readonly progress: ProjectionProgress,
  ) {}

  async create(project: ProjectRow, request: PageRequest): Promise<PageView> {
    const page = {
      id: randomUUID(),
      projectId: project.id,
      slug: request.slug,
      name: request.name,
      createdAt: this.platform.clock.now(),
    };
    const components = await this.#componentsFor(project, page.id, request);
    try {
      await this.database.unitOfWork(async ({ statusPages }) => await statusPages.insert(page, components));
    } catch (error) {
      if (errorCode(error) !== UNIQUE_VIOLATION) throw error;
      throw new HttpError(409, `slug "${request.slug}" is taken by another status page; choose another one`);
    }
    return await this.#view(page);
  }

  /** New name and components for a page that is there, for example the one that came with the project. */
  async replace(project: ProjectRow, request: PageRequest): Promise<PageView> {
    const page = await this.database.repositories.statusPages.bySlug(request.slug);
    if (page === null || page.projectId !== project.id) throw new HttpError(404, 'not found');
    const components = await this.#componentsFor(project, page.id, request);
    await this.database.unitOfWork(async ({ statusPages }) => {
      await statusPages.replace({ ...page, name: request.name }, components);
    });
    return await this.#view({ ...page, name: request.name });
  }

  /** What everybody may see. */
  async public(slug: string): Promise<PageView> {
    const page = await this.database.repositories.statusPages.bySlug(slug);
    if (page === null) throw new HttpError(404, 'there is no such status page');
    return await this.#view(page);
  }

  async list(project: ProjectRow): Promise<PageView[]> {
    const pages = await this.database.repositories.statusPages.byProject(project.id);
    return await Promise.all(pages.map(async (page) => await this.#view(page)));
  }

  async #view(page: StatusPageRow): Promise<PageView> {
    const { statusPages, projection } = this.database.repositories;
    const rows = await statusPages.componentsOf(page.id);
    await Promise.all(rows.slice(0, 1).map(async ({ checkId }) => await this.progress.fresh(checkId)));
    const statuses = await projection.statusesOf(rows.map(({ checkId }) => checkId));
    const components = rows.map((row) => ({ row, status: statuses.get(row.checkId) ?? null }));
    return { page, components, asOf: this.platform.clock.now() };
  }

  async #componentsFor(project: ProjectRow, pageId: string, request: PageRequest): Promise<ComponentRow[]> {
    const rows = await this.database.repositories.checks.byIds(request.components.map(({ check }) => check));
    const own = new Set(rows.filter(({ projectId }) => projectId === project.id).map(({ id }) => id));
    return request.components.map(({ name, check }, position) => {
      if (!own.has(check))
        throw new HttpError(
          400,
          `json validation error: components: there is no check ${check} in this project`,
        );
      return {
        id: randomUUID(),
        pageId,
        name,
        checkId: check,
        position,
        createdAt: this.platform.clock.now(),
      };
    });
  }
}
