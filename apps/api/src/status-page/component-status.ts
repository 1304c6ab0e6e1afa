import type { CheckStatusRow } from '#persistence';

/** Statuspage's words. */
export type ComponentStatus =
  'operational' | 'degraded_performance' | 'partial_outage' | 'major_outage' | 'under_maintenance';
export type Indicator = 'none' | 'minor' | 'major' | 'critical';

export interface ComponentVerdict {
  readonly status: ComponentStatus;
  /** False when nothing is known: shown grey to people, never as if all were well. */
  readonly known: boolean;
  readonly label: string;
}

/** What a check's status means for readers of a status page. */
export function componentStatus(status: CheckStatusRow | null): ComponentVerdict {
  switch (status?.status ?? 'new') {
    case 'up':
      return { status: 'operational', known: true, label: 'Operational' };
    case 'down':
      return { status: 'major_outage', known: true, label: 'Major outage' };
    case 'paused':
      return { status: 'under_maintenance', known: true, label: 'Paused' };
    case 'unknown':
      return { status: 'degraded_performance', known: false, label: 'Unknown' };
    default:
      // Statuspage has no word for "never reported"; machines get its neutral one, people see that nothing is known.
      return { status: 'operational', known: false, label: 'No data yet' };
  }
}

/** The page as a whole, in the phrases that readers of Statuspage documents know. */
export function overall(verdicts: readonly ComponentVerdict[]): {
  indicator: Indicator;
  description: string;
} {
  const down = verdicts.filter(({ status }) => status === 'major_outage').length;
  if (down > 0 && down === verdicts.length)
    return { indicator: 'critical', description: 'Major Service Outage' };
  if (down > 0) return { indicator: 'major', description: 'Partial System Outage' };
  if (verdicts.some(({ status }) => status === 'degraded_performance')) {
    return { indicator: 'minor', description: 'Minor Service Outage' };
  }
  if (verdicts.length > 0 && verdicts.every(({ status }) => status === 'under_maintenance')) {
    return { indicator: 'none', description: 'Service Under Maintenance' };
  }
  return { indicator: 'none', description: 'All Systems Operational' };
}
