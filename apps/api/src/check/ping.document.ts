import type { PingRow } from '#persistence';

/** A ping as Healthchecks shows it, and beside it the exit status and the numbers that the job reported. */
export function pingDocument(
  ping: Omit<PingRow, 'body'> & { bodyBytes: number | null },
  base: string,
): object {
  const hasBody = ping.bodyBytes !== null && ping.bodyBytes > 0;
  return {
    type: ping.ignored ? 'ign' : ping.kind,
    date: new Date(ping.receivedAt).toISOString().replace('Z', '000+00:00'),
    n: ping.n,
    scheme: ping.scheme,
    remote_addr: ping.remoteAddr,
    method: ping.method,
    ua: ping.userAgent,
    rid: ping.rid,
    ...(ping.durationMs === null ? {} : { duration: Math.round(ping.durationMs / 10) / 100 }),
    body_url: hasBody ? `${base}/api/v3/checks/${ping.checkId}/pings/${ping.n}/body` : null,
    exitstatus: ping.exitStatus,
    metrics: ping.metrics,
  };
}
