import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

// Locks and orphans are about processes that die, so these tests need processes of their own, which run the sources as
// they are: Node hands every `.ts` file to the same compiler that Jest uses.

const COMPILER = pathToFileURL(createRequire(import.meta.url).resolve('@swc/core')).href;
const LOADER = `
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import swc from ${JSON.stringify(COMPILER)};
export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return await next(url, context);
  const jsc = { target: 'es2022', parser: { syntax: 'typescript', decorators: true } };
  const { code } = swc.transformSync(readFileSync(fileURLToPath(url), 'utf8'), { jsc, module: { type: 'es6' } });
  return { format: 'module', source: code, shortCircuit: true };
}`;
const REGISTER = `import { register } from 'node:module'; register(${JSON.stringify(asUrl(LOADER))});`;

/** A process that talks in lines. */
export interface TypeScriptChild {
  readonly process: ChildProcess;
  /** The next line that it prints; rejects when it ends without one, with what it said on standard error. */
  nextLine(): Promise<string>;
  /** Sends it a line. */
  say(line: string): void;
  /** Ends it without a chance to tidy up; resolves when it is gone. */
  kill9(): Promise<void>;
}

/** Runs a module given as text, which imports sources by their URLs, as another user if wanted. */
export function startTypeScript(
  program: string,
  as: { readonly uid?: number; readonly gid?: number } = {},
): TypeScriptChild {
  const child = spawn(process.execPath, ['--import', asUrl(REGISTER), '--input-type=module', '-e', program], {
    ...as,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString('utf8')));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const gone = once(child, 'exit');
  return {
    process: child,
    nextLine: async () => {
      const next = await lines.next();
      if (next.done === true) throw new Error(`The child ended without a word. ${complaints}`);
      return next.value;
    },
    say: (line) => void child.stdin.write(`${line}\n`),
    kill9: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

function asUrl(module: string): string {
  return `data:text/javascript,${encodeURIComponent(module)}`;
}
