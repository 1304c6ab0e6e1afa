import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { isoInstant } from '#event-log';
import { API_OPTIONS, type ApiOptions } from '../api.options.ts';
import { PAGE_HEADERS, html, page } from '../http/html.ts';
import { componentStatus, overall } from './component-status.ts';
import { StatusPageService, type PageView } from './status-page.service.ts';
import { componentDocuments, pageDocument, statusOf, summaryDocument } from './summary.document.ts';

const REFRESH_SECONDS = 30;
const BANNER = { none: '#1a7f37', minor: '#a15c00', major: '#c0272d', critical: '#c0272d' };

/** Status pages, for everybody: no key, no script, and documents that other sites may embed. */
@Controller('status/:slug')
export class PublicPageController {
  constructor(
    @Inject(StatusPageService) private readonly pages: StatusPageService,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  @Get()
  async show(@Param('slug') slug: string, @Res() reply: FastifyReply): Promise<void> {
    const view = await this.pages.public(slug);
    const text = page(`${view.page.name} status`, bodyOf(view), { refreshSeconds: REFRESH_SECONDS });
    await reply.headers(PAGE_HEADERS).header('cache-control', 'public, max-age=5').send(text);
  }

  @Get('api/v2/summary.json')
  async summary(@Param('slug') slug: string, @Res() reply: FastifyReply): Promise<void> {
    await sendJson(reply, summaryDocument(await this.pages.public(slug), this.options.publicUrl()));
  }

  @Get('api/v2/status.json')
  async status(@Param('slug') slug: string, @Res() reply: FastifyReply): Promise<void> {
    const view = await this.pages.public(slug);
    await sendJson(reply, { page: pageDocument(view, this.options.publicUrl()), status: statusOf(view) });
  }

  @Get('api/v2/components.json')
  async components(@Param('slug') slug: string, @Res() reply: FastifyReply): Promise<void> {
    const view = await this.pages.public(slug);
    await sendJson(reply, {
      page: pageDocument(view, this.options.publicUrl()),
      components: componentDocuments(view),
    });
  }
}

async function sendJson(reply: FastifyReply, document: object): Promise<void> {
  await reply
    .header('access-control-allow-origin', '*')
    .header('cache-control', 'public, max-age=5')
    .send(document);
}

function bodyOf({ page: { name }, components, asOf }: PageView) {
  const { indicator, description } = overall(components.map(({ status }) => componentStatus(status)));
  const rows = components.map(({ row, status }) => {
    const { label, known, status: shown } = componentStatus(status);
    return html`<tr>
      <td>${row.name}</td>
      <td><span class="badge ${known ? shown : ''}">${label}</span></td>
    </tr>`;
  });
  const empty = html`<p class="soft">Nothing is published on this page yet.</p>`;
  const banner = html`<p class="banner" style="background:${BANNER[indicator]}">${description}</p>
    <table>
      <tr>
        <th>Component</th>
        <th>Status</th>
      </tr>
      ${rows}
    </table>`;
  return html`<h1>${name}</h1>
    ${components.length === 0 ? empty : banner}
    <p class="soft">As of ${isoInstant(asOf)}. <a href="?">Reload</a></p>`;
}
