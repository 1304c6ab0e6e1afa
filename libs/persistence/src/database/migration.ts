import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A migration in plain SQL. Forward only: every change is rolled out beside the version before it. */
export type Migration = new () => MigrationInterface & { readonly name: string };

/**
 * Makes a TypeORM migration of SQL statements. `name` ends in a JavaScript timestamp, as TypeORM wants it for the
 * order, and never changes once released.
 */
export function migrationOf(name: string, statements: readonly string[]): Migration {
  return class {
    readonly name = name;

    async up(runner: QueryRunner): Promise<void> {
      for (const statement of statements) await runner.query(statement);
    }

    async down(): Promise<void> {
      throw new Error(`Migration ${name} goes forward only; restore a backup to go back.`);
    }
  };
}
