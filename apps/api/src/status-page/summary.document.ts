import { isoInstant } from '#event-log';
import { componentStatus, overall } from './component-status.ts';
import type { PageView } from './status-page.service.ts';

/** The page in the form of Statuspage's public API, version 2: what exporters, widgets and dashboards read. */
export function summaryDocument(view: PageView, base: string): object {
  return {
    page: pageDocument(view, base),
    components: componentDocuments(view),
    incidents: [],
    scheduled_maintenances: [],
    status: statusOf(view),
  };
}

export function pageDocument({ page, asOf }: PageView, base: string): object {
  const url = `${base}/status/${page.slug}`;
  return { id: page.id, name: page.name, url, time_zone: 'Etc/UTC', updated_at: isoInstant(asOf) };
}

export function statusOf({ components }: PageView): object {
  return overall(components.map(({ status }) => componentStatus(status)));
}

export function componentDocuments({ page, components, asOf }: PageView): object[] {
  return components.map(({ row, status }, index) => ({
    id: row.id,
    name: row.name,
    status: componentStatus(status).status,
    created_at: isoInstant(row.createdAt),
    updated_at: isoInstant(status?.downSinceAt ?? status?.lastPingAt ?? asOf),
    // Counted from 1, as readers expect.
    position: index + 1,
    description: componentStatus(status).known ? null : componentStatus(status).label,
    showcase: false,
    start_date: null,
    group_id: null,
    page_id: page.id,
    group: false,
    only_show_if_degraded: false,
  }));
}
