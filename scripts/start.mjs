// `npm start`: builds what is not built yet, then runs the product in this process. After `npm ci` alone this is all
// that a first-time user needs, so the build is looked after here and not left to a step that one can forget.
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
// Written by us after a build that went well: the compiler's own file also appears without one.
const built = path.join(root, 'dist/.built');
const main = path.join(root, 'dist/apps/standalone/src/main.js');

function newestChange(folder) {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const name = path.join(folder, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestChange(name) : lstatSync(name).mtimeMs);
  }
  return newest;
}

function isBuilt() {
  if (!existsSync(built) || !existsSync(main)) return false;
  const sources = ['apps', 'libs'].map((folder) => newestChange(path.join(root, folder)));
  return statSync(built).mtimeMs >= Math.max(...sources, statSync(path.join(root, 'package.json')).mtimeMs);
}

if (!isBuilt()) {
  process.stdout.write('Building Holter (only when something changed) ...\n');
  const beganAt = new Date();
  // What the compiler wrote once it does not write again, as long as its own note is there.
  if (!existsSync(main)) rmSync(path.join(root, 'dist/.tsbuildinfo-build'), { force: true });
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const args = [tsc, '-p', path.join(root, 'tsconfig.build.json')];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  // As of when it began: what was changed while it ran is not built yet.
  writeFileSync(built, '');
  utimesSync(built, beganAt, beganAt);
}
await import(pathToFileURL(main).href);
