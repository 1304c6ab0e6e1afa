/** Small enough for an idle box, and enough for a steady stream of short writes; durability stays as PostgreSQL has it. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  // No socket file: a data folder deep in the tree would exceed the 107 bytes that its path may have.
  unix_socket_directories: '',
  max_connections: '60',
  shared_buffers: '48MB',
  // Where huge pages exist but are not granted, touching them kills the process (containers with a quota of none).
  huge_pages: 'off',
  // Reading and writing by the process that wants it: no worker processes for an I/O load that is not there.
  io_method: 'sync',
  jit: 'off',
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  max_logical_replication_workers: '0',
  // One machine, no replica: pg_dump is the backup.
  wal_level: 'minimal',
  max_wal_senders: '0',
  // At most so much is replayed after kill -9, and lies on the disk.
  max_wal_size: '256MB',
  min_wal_size: '32MB',
  autovacuum: 'on',
  autovacuum_naptime: '30s',
  autovacuum_max_workers: '2',
  // Its log goes through our logger, which has the time already; and the readers below expect English.
  logging_collector: 'off',
  log_destination: 'stderr',
  log_line_prefix: '',
  lc_messages: 'C',
  log_checkpoints: 'off',
  log_min_messages: 'warning',
  // Statements hold what people sent us.
  log_min_error_statement: 'panic',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** For a cluster that a test throws away: it need not survive a power cut, though kill -9 it does. */
const FLEETING: Readonly<Record<string, string>> = { fsync: 'off', full_page_writes: 'off' };

/** The server's arguments. On the command line, so that a new release's settings reach clusters that are there already. */
export function serverArguments(clusterFolder: string, port: number, durable: boolean): string[] {
  const settings = Object.entries({ ...SETTINGS, ...(durable ? {} : FLEETING) });
  return [
    '-D',
    clusterFolder,
    '-p',
    String(port),
    ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

/** The line by which the server says that it accepts connections, after any recovery. */
export function saysReady(line: string): boolean {
  return line.includes('database system is ready to accept connections');
}

/** Whether the operator should see this line. An ERROR is an answer to a client of ours, which has it already. */
export function isAlarming(line: string): boolean {
  return /^(?:WARNING|FATAL|PANIC):/.test(line);
}

/** Why a start failed, where trying again is the answer. */
export function retryReason(lastWords: string): 'port-taken' | 'still-in-use' | null {
  if (lastWords.includes('Address already in use')) return 'port-taken';
  if (/lock file "postmaster.pid" already exists|shared memory block .* is still in use/.test(lastWords))
    return 'still-in-use';
  return null;
}
