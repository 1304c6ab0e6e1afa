// `npm test`: builds, starts a throw-away PostgreSQL for the suites that want one, and runs Jest. Whatever follows
// `--` goes to Jest; `--projects a,b` before it chooses the suites.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const [flag, list, ...rest] = process.argv.slice(2);
const projects = flag === '--projects' ? list.split(',') : ['unit', 'int', 'acceptance', 'e2e'];
const jestArgs = flag === '--projects' ? rest : process.argv.slice(2);

const tsc = [require.resolve('typescript/bin/tsc'), '-p', path.join(root, 'tsconfig.build.json')];
const built = spawnSync(process.execPath, tsc, { cwd: root, stdio: 'inherit' });
if (built.status !== 0) process.exit(built.status ?? 1);

const { SystemClock, startEmbeddedPostgres } = await import('../dist/libs/platform/src/index.js');
const given = process.env.TEST_DATABASE_URL;
const folder = mkdtempSync(path.join(os.tmpdir(), 'holter-tests-'));
const server = given
  ? null
  : await startEmbeddedPostgres({ dataFolder: folder, clock: new SystemClock(), fleeting: true });

// Paths first: the list of projects would swallow them.
const jest = [path.join(root, 'node_modules/jest/bin/jest.js'), ...jestArgs, '--selectProjects', ...projects];
const child = spawn(process.execPath, ['--experimental-vm-modules', '--no-warnings', ...jest], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, TEST_DATABASE_URL: given ?? server.url },
});
const status = await new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
await server?.stop();
rmSync(folder, { recursive: true, force: true });
process.exit(status);
