import { ConfigurationError } from '../config/settings.config.ts';
import { errorMessage } from '../error-code.ts';

/**
 * Runs a program's start. What goes wrong is said in sentences on standard error, without a stack where the operator
 * can mend it, and the process ends with status 1.
 */
export function runMain(start: () => Promise<void>): void {
  start().catch((error: unknown) => {
    const sentences = error instanceof ConfigurationError ? error.problems : [errorMessage(error)];
    for (const sentence of sentences) process.stderr.write(`${sentence}\n`);
    process.exit(1);
  });
}
