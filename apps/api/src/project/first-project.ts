import type { INestApplicationContext } from '@nestjs/common';
import { CheckService } from '../check/check.service.ts';
import { ProjectService } from './project.service.ts';
import { StatusPageService } from '../status-page/status-page.service.ts';

export interface FirstProject {
  readonly apiKey: string;
  readonly readKey: string;
}

/** On the first start: a project, a check to play with, and a status page that shows it. Later: nothing. */
export async function createFirstProject(app: INestApplicationContext): Promise<FirstProject | null> {
  const projects = app.get(ProjectService, { strict: false });
  if (!(await projects.isFirstStart())) return null;
  const { project, apiKey, readKey, page } = await projects.create('My project');
  const checks = app.get(CheckService, { strict: false });
  const { view } = await checks.createOrUpdate(project, {
    name: 'Try me',
    slug: 'try-me',
    timeout: 60,
    grace: 15,
  });
  const components = [{ name: 'Try me', check: view.row.id }];
  await app
    .get(StatusPageService, { strict: false })
    .replace(project, { slug: page.slug, name: page.name, components });
  return { apiKey, readKey };
}
