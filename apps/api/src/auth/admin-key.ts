import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { readOrCreateSecret } from '#platform';

/** The operator's key: as configured, or a random one that is kept in the data folder and shown when it is made. */
export function adminKeyOf(config: { adminKey: string | undefined; dataFolder: string }): {
  key: string;
  fresh: boolean;
} {
  if (config.adminKey !== undefined) return { key: config.adminKey, fresh: false };
  mkdirSync(config.dataFolder, { recursive: true, mode: 0o700 });
  const kept = readOrCreateSecret(
    path.join(config.dataFolder, 'admin-key'),
    () => `hco_${randomBytes(21).toString('base64url')}`,
  );
  return { key: kept.secret, fresh: kept.created };
}
