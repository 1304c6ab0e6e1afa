import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { clusterFolderOf, holderOf, killAll, processesOf } from './product-processes.ts';

/** The repository that is tested. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What a fresh clone has not. */
const NOT_TRACKED = new Set(['node_modules', 'dist', '.git', '.holter', '.cache', 'coverage']);
const READY_LIMIT_MS = 60_000;
const LOOK_EVERY_MS = 50;
const LAST_WORDS_LIMIT_MS = 500;

/** As a person would start it; `built` leaves out npm and the look at what must be built. */
export const COMMANDS = {
  npm: ['npm', 'start'],
  built: [process.execPath, path.join(ROOT, 'dist/apps/standalone/src/main.js')],
} as const;

export interface Printed {
  readonly text: string;
  readonly url: string;
  readonly pingUrl: string;
  readonly curl: string;
  readonly dataFolder: string;
  readonly operatorKey: string | null;
  readonly projectKey: string | null;
  readonly readKey: string | null;
}

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ProductOptions {
  readonly folder: string;
  readonly dataFolder?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly as?: { readonly uid: number; readonly gid: number };
}

/** One start of the product after another in one folder: what it prints, and how it ends. */
export class Product {
  readonly dataFolder: string;
  output = '';
  #child: ChildProcess | null = null;
  #ended: Promise<Ended> = Promise.resolve({ status: 0, signal: null });
  readonly #looking = new Set<() => void>();

  constructor(private readonly options: ProductOptions) {
    this.dataFolder = options.dataFolder ?? path.join(options.folder, '.holter');
  }

  start(environment: Readonly<Record<string, string>> = {}): this {
    const [program = '', ...args] = this.options.command ?? COMMANDS.npm;
    const child = spawn(program, args, {
      cwd: this.options.folder,
      env: plainEnvironment({ ...this.options.environment, ...environment }),
      stdio: ['ignore', 'pipe', 'pipe'],
      ...this.options.as,
    });
    this.output = '';
    const keep = (chunk: Buffer): void => {
      this.output += chunk.toString('utf8');
      for (const look of this.#looking) look();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    this.#child = child;
    this.#ended = endOf(child);
    void this.#ended.then(() => {
      for (const look of this.#looking) look();
    });
    return this;
  }

  /** Resolves with what it tells the person who started it, once it has told all. */
  async printed(): Promise<Printed> {
    const text = await new Promise<string>((resolve, reject) => {
      const look = (): void => {
        const greeting = / {2}Holter is listening\.[^]*Ctrl-C stops it/.exec(this.output)?.[0];
        if (greeting === undefined && this.running) return;
        this.#looking.delete(look);
        if (greeting === undefined) reject(new Error(`It ended before it was ready:\n${this.output}`));
        else resolve(greeting);
      };
      this.#looking.add(look);
      look();
    });
    return parsePrinted(text);
  }

  /** Resolves once `/readyz` says so. */
  async ready(url: string): Promise<void> {
    const giveUpAt = Date.now() + READY_LIMIT_MS;
    for (;;) {
      const answer = await fetch(`${url}/readyz`).catch(() => null);
      if (answer?.ok) return;
      const reason = answer === null ? 'no answer' : await answer.text();
      if (!this.running || Date.now() > giveUpAt) throw new Error(`Not ready: ${reason}\n${this.output}`);
      await wait(LOOK_EVERY_MS);
    }
  }

  /** What it said to people, without the lines of npm, of Node and of the log. */
  get sentences(): string[] {
    const noise = /^(>|npm |\{"level"|\(node:|\(Use )/;
    return this.output.split('\n').filter((line) => line !== '' && !noise.test(line));
  }

  /** Resolves when the command that was started is over. */
  async ended(): Promise<Ended> {
    return await this.#ended;
  }

  /** Ends it in order, as a service manager does: by a signal to the command that was started. */
  async stop(): Promise<Ended> {
    this.#child?.kill('SIGTERM');
    return await this.#ended;
  }

  /** The process that holds the data folder: the product itself, without npm and shells around it. */
  get pid(): number {
    const pid = holderOf(this.dataFolder);
    if (pid === null) throw new Error(`Nobody works in ${this.dataFolder}:\n${this.output}`);
    return pid;
  }

  /** What of PostgreSQL runs for this data folder, its supervisor included. */
  get databaseProcesses(): number[] {
    return processesOf(clusterFolderOf(this.dataFolder));
  }

  async kill9(): Promise<void> {
    await killAll([this.pid]);
  }

  /** A loss of power, as far as processes go: none of ours gets the chance to do anything more. */
  async kill9Everything(): Promise<void> {
    for (;;) {
      const started = this.running ? (this.#child?.pid ?? null) : null;
      const parts = [holderOf(this.dataFolder), started].filter((pid) => pid !== null);
      const all = [...parts, ...this.databaseProcesses, ...processesOf(this.dataFolder)];
      if (all.length === 0) return this.#letGo();
      await killAll(all);
      // That the command is over is told to us by an event.
      await wait(LOOK_EVERY_MS);
    }
  }

  /** Ends everything and removes its data, wherever that lies. */
  async discard(): Promise<void> {
    await this.kill9Everything();
    const cluster = clusterFolderOf(this.dataFolder);
    for (const place of [cluster, `${cluster}-lock`, this.dataFolder])
      rmSync(place, { recursive: true, force: true });
  }

  /** Whether the command that was started is not over. */
  get running(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Somebody who inherited its output may hold it open still, and this process would not end before him. */
  #letGo(): void {
    this.#child?.stdout?.destroy();
    this.#child?.stderr?.destroy();
  }
}

/** How it ended, once its last words were read; whoever inherited its output may keep that open for longer. */
async function endOf(child: ChildProcess): Promise<Ended> {
  const closed = new Promise((resolve) => child.once('close', resolve));
  const ended = await new Promise<Ended>((resolve) =>
    child.once('exit', (status, signal) => resolve({ status, signal })),
  );
  await Promise.race([closed, wait(LAST_WORDS_LIMIT_MS)]);
  return ended;
}

/** Copies what a clone of the repository would hold. */
export function copyTree(target: string, from = ROOT): void {
  for (const name of readdirSync(from)) {
    if (NOT_TRACKED.has(name)) continue;
    cpSync(path.join(from, name), path.join(target, name), { recursive: true, preserveTimestamps: true });
  }
}

/** The environment of a person's shell: nothing of Holter in it, and nothing of the npm that may run this test. */
export function plainEnvironment(added: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const ours =
    /^(HOLTER_|DATABASE_URL|KAFKA_BROKERS|TEST_|NODE_OPTIONS|NODE_ENV|INIT_CWD|JEST_|npm_(?!config_registry))/;
  const kept = Object.entries(process.env).filter(([name]) => !ours.test(name));
  return { ...Object.fromEntries(kept), ...added };
}

function parsePrinted(text: string): Printed {
  const found = (pattern: RegExp): string | null => pattern.exec(text)?.[1] ?? null;
  return {
    text,
    url: found(/Dashboard\s+(\S+)\/$/m) ?? '',
    pingUrl: found(/Ping URL\s+(\S+)/) ?? '',
    curl: found(/^\s+(curl .+)$/m) ?? '',
    dataFolder: found(/^ {2}Data\s+(.+)$/m) ?? '',
    operatorKey: found(/^\s+operator\s+(\S+)/m),
    projectKey: found(/^\s+project\s+(\S+)/m),
    readKey: found(/^\s+project, read\s+(\S+)/m),
  };
}
