import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';

export interface Load {
  readonly urls: readonly string[];
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Drives load from a process of its own, so that making requests does not take the server's turn. */
export async function drive(load: Load): Promise<LoadResult> {
  return await new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url));
    child.once('message', (result) => resolve(result as LoadResult));
    child.once('error', reject);
    child.send(load);
  });
}

async function cannon({ urls, connections, seconds }: Load): Promise<LoadResult> {
  const [first = ''] = urls;
  const requests = urls.map((url) => ({ method: 'GET' as const, path: new URL(url).pathname }));
  const result = await autocannon({
    url: new URL(first).origin,
    connections,
    duration: seconds,
    requests,
    pipelining: 1,
  });
  return {
    requestsPerSecond: result.requests.average,
    acknowledged: result['2xx'],
    refused: result.non2xx + result.errors,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.once('message', (load) => {
    void cannon(load as Load).then((result) => process.send?.(result, () => process.exit(0)));
  });
}
